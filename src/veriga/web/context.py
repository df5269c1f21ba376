"""What every page has in its context."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def page(request: HttpRequest) -> dict[str, object]:
    """Return the user, language, theme and whether this is the demo."""
    user = getattr(request, "user", None)
    signed_in = user if user is not None and user.is_authenticated else None
    return {
        "user": signed_in,
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "theme": getattr(signed_in, "theme", "auto"),
        "demo": settings.DEMO,
    }
