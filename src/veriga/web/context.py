"""What every page has in its context."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from veriga.web.offline import offline_mark


def page(request: HttpRequest) -> dict[str, object]:
    """Return user, language, theme, whether this is the demo, what a device keeps."""
    user = getattr(request, "user", None)
    signed_in = user if user is not None and user.is_authenticated else None
    return {
        "user": signed_in,
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "theme": getattr(signed_in, "theme", "auto"),
        "demo": settings.DEMO,
        "offline_mark": offline_mark(signed_in),
    }
