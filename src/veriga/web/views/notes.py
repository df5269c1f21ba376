"""A note that a device could not send at once: saved exactly once, whenever it comes.

Each form of quick entry bears a key of its own. What was saved under it is kept, so a
note whose answer was lost on the way is answered again and not saved again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from veriga.access.rules import Context
from veriga.access.services.once import check_key, do_once
from veriga.common.errors import Invalid

from .answers import record_address
from .record_forms import FormPage
from .records import save_new


def is_note(request: HttpRequest) -> bool:
    """Tell whether the worker sends what was noted without a signal."""
    return "X-Veriga-Note" in request.headers


def save_note_once(
    request: HttpRequest, context: Context, page: FormPage, typed: Mapping[str, str]
) -> str:
    """Save a note; return its reference, the first one if it was saved before.

    Errors: note_saved if something else was saved under its key, and those of a save.
    """
    key = request.headers.get("Idempotency-Key", typed["note_key"])
    if not key:
        return str(save_new(context, page, share=False).reference)
    check_key(key, "note_key")
    told = sorted((name, value) for name, value in typed.items() if name != "note_key")
    contacts = sorted(page.form.contacts)

    def work() -> Callable[[], tuple[int, dict[str, Any]]]:
        activity = save_new(context, page, share=False)
        return lambda: (201, {"reference": str(activity.reference)})

    try:
        saved = do_once(
            user_id=context.actor.user_id or 0,
            key=f"note {key}",
            request_hash=hashlib.sha256(repr((told, contacts)).encode()).hexdigest(),
            now=timezone.now(),
            work=work,
        )
    except Invalid as error:
        if error.code != "idempotency_mismatch":
            raise
        first = cast("dict[str, Any]", error.params["first"])
        raise Invalid("note_saved", reference=first["reference"]) from None
    return str(saved.body["reference"])


def taken(reference: str, text: str) -> HttpResponse:
    """Tell the worker under which reference its note is saved."""
    address = record_address(reference)
    return JsonResponse({"reference": reference, "address": address, "text": text})


def refused(errors: Mapping[str, list[str]], *, status: int = 422) -> HttpResponse:
    """Tell the worker why its note cannot be saved; it keeps the text."""
    sentences = [sentence for found in errors.values() for sentence in found]
    return JsonResponse({"text": " ".join(sentences)}, status=status)
