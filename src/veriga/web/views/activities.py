from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def overview(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def aside(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def kind_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError
