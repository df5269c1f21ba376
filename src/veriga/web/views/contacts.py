from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def contact_list(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def new(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def find(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def page(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def edit(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def delete(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError
