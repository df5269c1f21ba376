from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def candidates(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def preview(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def links(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def take_out(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def take_out_and_move(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def likeliest(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def split(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError


def undo(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError
