"""The form of a record: shown empty, with what is stored, or given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from veriga.access.queries import list_users
from veriga.access.rules import Actor
from veriga.activities.queries.rows import ActivityRow, rows_of
from veriga.activities.queries.suggestions import (
    Candidate,
    Sketch,
    kind_name,
    suggest,
)
from veriga.activities.rules.words import KindCode
from veriga.catalogue.queries import find_products
from veriga.common.errors import Invalid
from veriga.parties.queries import contacts_of, find_companies, similar_companies
from veriga.web.forms import choices
from veriga.web.forms.custom import inputs_of
from veriga.web.forms.guests import with_blank_guests
from veriga.web.forms.quote_lines import with_blank_lines
from veriga.web.forms.records import RecordForm

from .activities import NAVS
from .saving import show_window

if TYPE_CHECKING:
    from veriga.activities.models import Activity
    from veriga.catalogue.models import Product
    from veriga.parties.models import Company

PRODUCTS = 500
SIMILAR = 5


@dataclass(slots=True)
class FormPage:
    """What the page of a form knows besides the form itself."""

    form: RecordForm
    company: Company | None = None
    stimulus: ActivityRow | None = None
    activity: Activity | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)
    differing: list[tuple[str, str, str]] = field(default_factory=list)
    # What somebody else changed and this form did not touch: (field, now, before).
    meanwhile: list[tuple[str, str, str]] = field(default_factory=list)
    opened: str = ""
    version: object = ""
    offers_move: bool = False
    offers_share: bool = False


def products_on_offer(actor: Actor, present: Product | None = None) -> list[Product]:
    """Return the active products, and the one that the record has."""
    found = find_products(actor, "", limit=PRODUCTS)
    if present is not None and present not in found:
        found.append(present)
    return found


def may_share(actor: Actor, page: FormPage, error: Invalid) -> bool:
    """Tell whether to offer sharing the company with who does not see it."""
    if error.code != "cannot_see_company" or not actor.can_record:
        return False
    company = page.company
    # A company made in the same line is its maker's.
    return company is None or (
        actor.is_manager or company.account_owner_id == actor.user_id
    )


def stimulus_of(activity: Activity, now: datetime) -> ActivityRow:
    """Return the row of the activity that a new one is made on."""
    return rows_of([activity.pk], now=now)[activity.pk]


def continuing(
    actor: Actor, company: Company | None, form: RecordForm, now: datetime
) -> dict[str, Any]:
    """Return what the field Nadaljuje and the contacts of the company show."""
    offers: Sequence[Candidate] = ()
    if company is not None:
        product = form["product"]
        offers = suggest(
            actor,
            company.pk,
            Sketch(
                kind=kind_name(form.kind, form["type"]),
                user_id=actor.user_id,
                product_id=int(product) if product.isdigit() else None,
                contact_ids=form.ids("contacts"),
                title=form["title"],
            ),
            now=now,
        )
    return {
        "company": company,
        "offers": offers,
        "follows": form["follows"],
        "reason_names": reason_names(),
        "company_contacts": contacts_of(actor, company.pk, ids=form.ids("contacts"))
        if company
        else [],
        "contact_q": "",
        "chosen_contacts": set(form.contacts),
    }


def reason_names() -> dict[str, str]:
    """Return why an activity is likely, in words."""
    return {
        "same_product": _("the same product"),
        "same_contact": _("the same contact"),
        "newest": _("the newest of its chain"),
        "same_user": _("the same person in charge"),
        "alike_text": _("a similar title"),
        "recent": _("recent"),
        "usual_next": _("usually followed by this"),
    }


def show_form(
    request: HttpRequest, actor: Actor, page: FormPage, now: datetime
) -> HttpResponse:
    """Return the form, new or of a stored record; 422 if something is wrong."""
    form, activity = page.form, page.activity
    present = activity.product if activity else None
    products = products_on_offer(actor, present)
    values = {
        "nav": NAVS[KindCode(form.kind)],
        "kind": form.kind,
        "form": form,
        "page": page,
        "activity": activity,
        "stimulus": page.stimulus,
        "errors": page.errors,
        "heading": heading_of(form.kind, is_new=activity is None),
        "action": _action(form.kind, activity),
        "cancel_url": _cancel(form.kind, activity, page.stimulus),
        "lines": with_blank_lines(form.lines) if form.kind == KindCode.QUOTE else [],
        "guests": with_blank_guests(form.guests),
        "users": _users(actor, form),
        "products": products,
        "product_options": [(str(p.pk), p.name) for p in products],
        "types": choices.types(form.kind, form["type"]),
        "results": choices.results(form.kind, "call"),
        "reasons": choices.reasons(form["reason"]),
        "importances": choices.importances(form["importance"]),
        "directions": choices.directions(),
        "currencies": choices.currencies(
            form["currency"] or form["competitor_currency"]
        ),
        "repeat_units": choices.repeat_units(),
        "which_ones": choices.which_ones(),
        "custom_inputs": inputs_of(form.kind, activity.custom if activity else None),
        "custom_values": form.values,
        "may_confide": activity is None and actor.may_see_confidential,
        "similar": similar_companies_of(actor, page),
        **continuing(actor, page.company, form, now),
    }
    if page.stimulus is not None or activity is not None:
        values["offers"] = ()
    is_refused = bool(page.errors) or bool(page.differing)
    return show_window(
        request, "records/form.html", values, status=422 if is_refused else 200
    )


def heading_of(kind: str, *, is_new: bool) -> str:
    """Return the heading of a form."""
    new, old = {
        KindCode.EVENT: (_("New event"), _("Edit event")),
        KindCode.TASK: (_("New task"), _("Edit task")),
        KindCode.PRODUCT_RECORD: (_("New product record"), _("Edit product record")),
        KindCode.QUOTE: (_("New quote"), _("Edit quote")),
    }[KindCode(kind)]
    return new if is_new else old


def labels() -> dict[str, str]:
    """Return what each input of the form is called, for sentences about it."""
    return {
        "title": _("Title"),
        "company": _("Company"),
        "owner": _("Owner"),
        "importance": _("Importance"),
        "product": _("Product"),
        "direction": _("Who acts"),
        "type": _("Type"),
        "starts_on": _("Day"),
        "starts_time": _("From"),
        "ends_on": _("Until the day"),
        "ends_time": _("Until"),
        "place": _("Place"),
        "referred_by": _("Referred by"),
        "reason": _("Reason"),
        "due_on": _("Due"),
        "due_time": _("Hour"),
        "recorded_on": _("Date"),
        "follow_up_on": _("Follow-up"),
        "quantity": _("Quantity"),
        "product_text": _("Other product"),
        "competitor": _("Competitor"),
        "competitor_price": _("Competitor's price"),
        "competitor_currency": _("Currency of that price"),
        "opinion": _("Opinion"),
        "issued_on": _("Issued"),
        "valid_until": _("Valid until"),
        "currency": _("Currency"),
    }


def differing_fields(
    typed: RecordForm, stored: RecordForm, actor: Actor, activity: Activity
) -> list[tuple[str, str, str]]:
    """Return (field, what is stored by now, what was typed) where these differ."""
    names = {str(u.pk): u.name for u in list_users(actor)}
    products = {str(p.pk): p.name for p in products_on_offer(actor, activity.product)}

    def words(name: str, value: str) -> str:
        if not value:
            return "–"
        if name == "company":
            return activity.company.name if value == stored[name] else typed[name]
        options = {
            "owner": names,
            "product": products,
            "importance": dict(choices.importances(value)),
            "type": dict(choices.types(typed.kind, value)),
            "reason": dict(choices.reasons(value)),
            "direction": dict(choices.directions()),
        }.get(name, custom.get(name, {}))
        return options.get(value, value)

    inputs = inputs_of(typed.kind, activity.custom)
    custom = {one.name: dict(one.options) for one in inputs}
    every_label = labels() | {one.name: one.label for one in inputs}
    found = [
        (label, words(name, stored[name]), words(name, typed[name]))
        for name, label in every_label.items()
        if name in stored.values and stored[name].strip() != typed[name].strip()
    ]
    for name, label in (
        ("contacts", _("Contacts")),
        ("participants", _("Participants")),
    ):
        now_there, mine = set(getattr(stored, name)), set(getattr(typed, name))
        if now_there != mine:
            found.append((label, str(len(now_there)), str(len(mine))))
    if typed.guests != stored.guests:
        counts = str(len(stored.guests)), str(len(typed.guests))
        found.append((_("External people"), *counts))
    if typed.lines != stored.lines:
        found.append((_("Lines"), str(len(stored.lines)), str(len(typed.lines))))
    return found


def _users(actor: Actor, form: RecordForm) -> list[tuple[str, str]]:
    """Return the active users, and whoever the record names already."""
    named = {form["owner"], *form.participants}
    return [
        (str(user.pk), user.name)
        for user in list_users(actor)
        if user.is_active or str(user.pk) in named
    ]


def similar_companies_of(actor: Actor, page: FormPage) -> list[Company]:
    """Return the companies that a name nobody chose may mean."""
    typed = page.form["company_text"]
    if "company" not in page.errors or page.company is not None or not typed.strip():
        return []
    found = find_companies(actor, typed, limit=SIMILAR)
    found += [c for c in similar_companies(actor, typed) if c not in found]
    return found[:SIMILAR]


def _action(kind: str, activity: Activity | None) -> str:
    if activity is None:
        return reverse(f"{NAVS[KindCode(kind)]}:new")
    return reverse("activities:edit", kwargs={"reference": activity.reference})


def _cancel(kind: str, activity: Activity | None, stimulus: ActivityRow | None) -> str:
    back = activity or stimulus
    if back is not None:
        return reverse("activities:record", kwargs={"reference": back.reference})
    return reverse(f"{NAVS[KindCode(kind)]}:list")
