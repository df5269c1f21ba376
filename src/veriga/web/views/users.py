from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def user_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def new(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def find(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def page(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def set_active(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def reset(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError
