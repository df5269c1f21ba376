from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def counts(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError
