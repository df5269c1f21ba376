"""Merging two companies: choosing the other, looking at what would happen, undo."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from veriga.common.errors import Invalid
from veriga.parties.models import Company
from veriga.parties.queries import get_company
from veriga.setup.rules import Subject
from veriga.web.formats import number
from veriga.web.forms.custom import facts_of
from veriga.web.forms.filters import whole_number
from veriga.web.pages import done, reader, show, writer
from veriga.web.party_history import labels, words_of_company
from veriga.work.services.merging import (
    Preview,
    merge_companies,
    preview_merge,
    undo_merge,
)

from .saving import problems_of

CHOICE = "take_"


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, id: int) -> HttpResponse:
    """Choose a company that is the same one, see what would happen, and do it."""
    context = writer(request)
    company = get_company(context.actor, id)
    other_id = whole_number(request.POST or request.GET, "other")
    if other_id is None:
        errors = {"other": [_("Choose one of the values on offer.")]}
        wrong = errors if request.GET.get("other_text") else {}
        return _show(request, company, None, wrong)
    try:
        found = preview_merge(context, id, other_id)
        if request.method == "GET":
            return _show(request, company, found, {})
        take = {
            name.removeprefix(CHOICE): request.POST[name]
            for name in request.POST
            if name.startswith(CHOICE)
        }
        made = merge_companies(context=context, kept_id=id, away_id=other_id, take=take)
    except Invalid as error:
        return _show(request, company, None, problems_of(error))
    text = _("%(gone)s is part of %(kept)s now.")
    return done(
        request,
        reverse("companies:page", kwargs={"id": id}),
        text % {"gone": found.away.name, "kept": found.kept.name},
        undo_url=reverse("undo_merge", kwargs={"id": made.pk}),
    )


@require_POST
def undo(request: HttpRequest, id: int) -> HttpResponse:
    """Part two companies again."""
    back = undo_merge(context=writer(request), merge_id=id)
    address = reverse("companies:page", kwargs={"id": back.pk})
    text = _("%(name)s is a company of its own again.") % {"name": back.name}
    return done(request, address, text)


def _show(
    request: HttpRequest,
    company: Company,
    found: Preview | None,
    errors: dict[str, list[str]],
) -> HttpResponse:
    values: dict[str, Any] = {
        "nav": "companies",
        "company": company,
        "preview": found,
        "errors": errors,
        "rows": _rows(request, found) if found else [],
        "moves": moves_of(found.numbers) if found else [],
    }
    status = 422 if errors else 200
    return show(request, "companies/merge.html", values, status=status)


def _rows(request: HttpRequest, found: Preview) -> list[dict[str, Any]]:
    """Return each field in which the two differ, in words."""
    say = words_of_company(reader(request))
    known = labels()
    rows = []
    for choice in found.choices:
        if choice.column == "custom":
            kept, away = (
                "; ".join(f"{n}: {v}" for n, v in facts_of(Subject.COMPANY, values))
                for values in (choice.kept or {}, choice.away)
            )
        else:
            kept, away = (say(choice.column, v) for v in (choice.kept, choice.away))
        rows.append(
            {
                "column": choice.column,
                "label": known.get(choice.column, _("Custom fields")),
                "kept": kept,
                "away": away,
                "prefers_away": choice.prefers_away,
            }
        )
    return rows


def moves_of(numbers: dict[str, int]) -> list[str]:
    """Return how many of what would move, in words; what is not there is left out."""
    words = {
        "activities.Activity": ngettext(
            "%(num)s activity", "%(num)s activities", numbers["activities.Activity"]
        ),
        "activities.Chain": ngettext(
            "%(num)s chain", "%(num)s chains", numbers["activities.Chain"]
        ),
        "parties.Contact": ngettext(
            "%(num)s contact", "%(num)s contacts", numbers["parties.Contact"]
        ),
        "documents.Attachment": ngettext(
            "%(num)s attachment",
            "%(num)s attachments",
            numbers["documents.Attachment"],
        ),
        "parties.Address": ngettext(
            "%(num)s address", "%(num)s addresses", numbers["parties.Address"]
        ),
        "parties.Position": ngettext(
            "%(num)s further contact",
            "%(num)s further contacts",
            numbers["parties.Position"],
        ),
        "parties.Share": ngettext(
            "%(num)s share", "%(num)s shares", numbers["parties.Share"]
        ),
    }
    return [
        text % {"num": number(numbers[label])}
        for label, text in words.items()
        if numbers[label]
    ]
