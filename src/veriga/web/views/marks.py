from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def mark(request: HttpRequest, **kwargs: object) -> HttpResponse:
    raise NotImplementedError
