from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def account(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def theme(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def password(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def tokens(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def revoke(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def enter_demo(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def welcome(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError
