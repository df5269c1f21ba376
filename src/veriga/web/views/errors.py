"""The pages that say what went wrong and what to do."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from veriga.web.pages import is_htmx, show


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what the browser sent makes no sense."""
    return answer(request, 400, _("The address or the form cannot be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: not with this role."""
    return answer(request, 403, _("You do not have the right to do this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: nothing here, or nothing visible; the same answer."""
    text = _("There is no such record, or you may not see it.")
    return answer(request, 404, text)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many attempts to sign in, or to get a mail."""
    text = _("Too many attempts. Wait a few minutes and try again.")
    return answer(request, 429, text)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Asks the database for nothing: it may be what failed."""
    request.user = AnonymousUser()
    text = _("Something went wrong on the server. Nothing was changed.")
    return answer(request, 500, text)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is too old, or was sent by another site."""
    text = _("This form is too old. Go back, reload the page and send it again.")
    return answer(request, 403, text)


def answer(request: HttpRequest, status: int, text: str) -> HttpResponse:
    """Return the page, or the sentence alone if htmx asks."""
    name = "errors/piece.html" if is_htmx(request) else "errors/page.html"
    return show(request, name, {"status": status, "message": text}, status=status)
