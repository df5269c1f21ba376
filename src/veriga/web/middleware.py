"""The language of each page, and the page that an expected error becomes."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound, VerigaError
from veriga.work.messages import message_of

Handler = Callable[[HttpRequest], HttpResponse]
STATUS = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}


def status_of(error: VerigaError) -> int:
    """Return the HTTP status that an expected error has."""
    return next((s for kind, s in STATUS.items() if isinstance(error, kind)), 400)


class LanguageMiddleware:
    """Shows each page in the user's language; signed out, in the installation's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", None) or request.COOKIES.get(
            "language", settings.LANGUAGE_CODE
        )
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ErrorMiddleware:
    """Turns an expected error that no view caught into a page that says what to do."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, VerigaError):
            return None
        status = status_of(exception)
        # htmx asks for pieces of a page: it gets the sentence, which becomes a toast.
        template = (
            "errors/piece.html"
            if "HX-Request" in request.headers
            else "errors/page.html"
        )
        return render(
            request,
            template,
            {"status": status, "message": message_of(exception)},
            status=status,
        )
