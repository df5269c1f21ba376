from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def record(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def edit(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def delete(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def finish(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def reopen(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def sent(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def new(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError
