"""The little form of one cell of a list: shown, saved, refused, overtaken."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from veriga.common.errors import Conflict, Invalid, NotFound
from veriga.setup.rules import FieldType
from veriga.web.forms.custom import input_of
from veriga.web.forms.filters import whole_number
from veriga.web.pages import show
from veriga.work.messages import message_of

TEMPLATE: Final = "cells/form.html"
VALUE: Final = "value"  # what every input of a cell is called
NOTHING: Final = ("", "–")  # among options
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a cell: a text or a day, one of `options`, or `is_many` of them.

    `said` is what is stored, as people read it; "" where the values say it themselves.
    """

    label: str
    values: Sequence[str]
    type: str = "text"
    options: Options = ()
    is_many: bool = False
    said: str = ""

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def words(self) -> str:
        """Return what it holds as people read it."""
        names = dict(self.options)
        return self.said or ", ".join(names.get(one, one) for one in self.values)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is being changed; `changed` is what the page is told once it is."""

    field: str
    address: str
    version: int
    inputs: Sequence[Input]
    changed: dict[str, Any] = attribute(default_factory=dict)

    @property
    def words(self) -> str:
        """Return what is stored as people read it."""
        return " ".join(one.words for one in self.inputs if one.words) or "–"

    def typed(self, values: Sequence[str], version: int) -> Cell:
        """Return the cell with what somebody typed instead of what is stored."""
        if any(one.is_many for one in self.inputs):
            inputs = [replace(one, values=values) for one in self.inputs]
        else:
            given = [*values, *[""] * len(self.inputs)]
            inputs = [
                replace(one, values=[value])
                for one, value in zip(self.inputs, given, strict=False)
            ]
        return replace(self, inputs=inputs, version=version)


def custom_input(subject: str, stored: Mapping[str, Any], name: str) -> Input:
    """Return the input of a custom field, `stored` being the record's values; or
    NotFound."""
    found = input_of(subject, name, stored)
    if found is None:
        raise NotFound
    one, value, words = found
    options = [NOTHING, *one.options] if one.options else ()
    type_ = "date" if one.type == FieldType.DATE else "text"
    return Input(one.label, [value], type_, options, said=words)


def answer_cell(
    request: HttpRequest,
    read: Callable[[], Cell],
    save: Callable[[list[str], int], object],
    *,
    why_of: Callable[[Invalid], str] | None = None,
) -> HttpResponse:
    """Return the form of a cell; a POST saves what was typed.

    A refused value comes back as it was typed, with the reason beside it; so does one
    of whoever was overtaken, with what is stored by now.
    """
    cell = read()
    if request.method == "GET":
        return _form(request, cell)
    typed = request.POST.getlist(VALUE)
    # No record has version 0: a form that does not say its own is taken as overtaken.
    version = whole_number(request.POST, "row_version") or 0
    try:
        save(typed, version)
    except Invalid as error:
        why = (why_of or _why_of)(error)
        return _form(request, cell.typed(typed, version or cell.version), why, 422)
    except Conflict as error:
        if error.code != "stale":
            raise
        now = read()
        why = _("Somebody has changed this record since: now it says “%(now)s”.")
        shown = now.typed(typed, now.version)
        return _form(request, shown, why % {"now": now.words}, 409)
    response = HttpResponse(status=204)
    response["HX-Trigger"] = json.dumps({"veriga:changed": cell.changed})
    return response


def _why_of(error: Invalid) -> str:
    return message_of(error.errors[0] if error.errors else error)


def _form(
    request: HttpRequest, cell: Cell, why: str = "", status: int = 200
) -> HttpResponse:
    return show(request, TEMPLATE, {"cell": cell, "why": why}, status=status)
