"""An expected error in one English line, for operators."""

from __future__ import annotations

from django.utils import translation

from veriga.common.errors import Invalid, VerigaError
from veriga.work.messages import message_of


def sentences_of(error: VerigaError) -> str:
    """Return what is wrong, field by field if fields are to blame."""
    with translation.override("en"):
        if isinstance(error, Invalid) and error.errors:
            return " ".join(f"{e.field}: {message_of(e)}" for e in error.errors)
        return message_of(error)
