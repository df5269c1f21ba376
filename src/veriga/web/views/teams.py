from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def team_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def new(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def rename(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError
