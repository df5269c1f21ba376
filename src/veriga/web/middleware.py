"""The language of each page, and the page that an expected error becomes."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from isal.igzip import IGzipFile

from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound, VerigaError
from veriga.work.messages import message_of

SHORT: Final = 200  # bytes that are not worth compressing
Handler = Callable[[HttpRequest], HttpResponse]
STATUS = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}


def status_of(error: VerigaError) -> int:
    """Return the HTTP status that an expected error has."""
    return next((s for kind, s in STATUS.items() if isinstance(error, kind)), 400)


class CompressionMiddleware(GZipMiddleware):
    """Django's compression by a library that takes a tenth of the time.

    On a page of fifty rows zlib takes longer than the query. Up to a hundred random
    bytes hide the length of what is compressed, as in Django's own (BREACH).
    """

    LEVEL = 2

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if (
            not isinstance(response, HttpResponse)
            or len(response.content) < SHORT
            or response.has_header("Content-Encoding")
            or not re_accepts_gzip.search(request.headers.get("Accept-Encoding", ""))
        ):
            # Django compresses streams, and says of short answers what they vary on.
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        name = "a" * secrets.randbelow(self.max_random_bytes)
        packed = io.BytesIO()
        file = IGzipFile(name, "wb", self.LEVEL, packed, 0)  # type: ignore[no-untyped-call]
        file.write(response.content)  # type: ignore[no-untyped-call]
        file.close()
        response.content = packed.getvalue()
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Encoding"] = "gzip"
        etag = response.headers.get("ETag", "")
        if etag.startswith('"'):
            response.headers["ETag"] = f"W/{etag}"
        return response


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
