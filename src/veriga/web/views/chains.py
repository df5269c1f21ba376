from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def chain(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError
