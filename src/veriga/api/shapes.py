"""How records look in JSON: plain dictionaries out of rows, for one or many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from veriga.access.rules import Context
from veriga.activities.kinds import describe_all
from veriga.activities.queries.chains import ChainSummary, LinkRow
from veriga.activities.queries.people import contacts_of_activities, participants_of
from veriga.activities.queries.rows import ActivityRow, rows_of
from veriga.common.money import MINOR_SCALE, PRICE_SCALE, from_scaled
from veriga.parties.models import Company
from veriga.setup.custom_fields import by_code
from veriga.setup.rules import Subject

Shape = dict[str, Any]


def instant(moment: datetime | None) -> str | None:
    """Return an instant in UTC, ending in Z."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat()[:-6] + "Z"


def day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def number(value: Decimal | None, places: int = 0) -> str | None:
    """Return a decimal without exponent, with at least `places` and no empty ones."""
    if value is None:
        return None
    text = f"{value:f}"
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0").ljust(places, "0")
    return f"{whole}.{rest}" if rest else whole


def amount(minor: int | None) -> str | None:
    """Return an amount of minor units as a decimal."""
    return None if minor is None else number(from_scaled(minor, MINOR_SCALE), 2)


def user(pk: int | None, name: str, email: str) -> Shape | None:
    return None if pk is None else {"id": pk, "name": name, "email": email}


def user_of(person: Any) -> Shape | None:
    """Return a stored user, None for the system."""
    return user(person.pk, person.name, person.email) if person else None


def company(row: Any, categories: Sequence[str]) -> Shape:
    """Return a company in full, with the codes of its categories."""
    return {
        "id": row.pk,
        "name": row.name,
        "status": str(row.status),
        "prospect_type": row.prospect_type_id,
        "street": row.street,
        "postcode": row.postcode,
        "town": row.town,
        "country": row.country,
        "phone": row.phone,
        "email": row.email,
        "website": row.website,
        "tax_number": row.tax_number,
        "registration_number": row.registration_number,
        "kind": str(row.kind),
        "parent": row.parent_id,
        "abc": str(row.abc),
        "categories": list(categories),
        "language": str(row.language),
        "expected_on": row.expected_on,
        "notes": row.notes,
        "account_owner": user_of(row.account_owner),
        "is_own": row.is_own,
        "custom": by_code(Subject.COMPANY, row.custom),
        "created_at": instant(row.created_at),
        "row_version": row.row_version,
    }


def address(row: Any) -> Shape:
    """Return a further address of a company."""
    names = ("kind", "name", "street", "postcode", "town", "country", "note")
    fields = {name: str(getattr(row, name)) for name in names}
    return {"id": row.pk, **fields, "row_version": row.row_version}


def contact(row: Any) -> Shape:
    """Return a contact in full."""
    return {
        "id": row.pk,
        "company": {"id": row.company_id, "name": row.company.name},
        "first_name": row.first_name,
        "last_name": row.last_name,
        "name": row.name,
        "function": row.function,
        "phone": row.phone,
        "mobile": row.mobile,
        "email": row.email,
        "note": row.note,
        "since_on": row.since_on and row.since_on.isoformat(),
        "until_on": row.until_on and row.until_on.isoformat(),
        "custom": by_code(Subject.CONTACT, row.custom),
        "created_at": instant(row.created_at),
        "row_version": row.row_version,
    }


def contact_alone(row: Any, positions: Sequence[Any]) -> Shape:
    """Return a contact with the further companies that the reader sees."""
    shown_at = row.shown_at.pk if row.shown_at else None
    others = [position(one) for one in positions if one.pk != shown_at]
    return {**contact(row), "positions": others}


def position(row: Any) -> Shape:
    """Return where else a contact is or was."""
    return {
        "id": row.pk,
        "company": {"id": row.company_id, "name": row.company.name},
        "function": row.function,
        "since_on": row.since_on and row.since_on.isoformat(),
        "until_on": row.until_on and row.until_on.isoformat(),
    }


def product(row: Any) -> Shape:
    """Return a product."""
    return {
        "id": row.pk,
        "code": row.code,
        "name": row.name,
        "unit": row.unit,
        "unit_price": number(from_scaled(row.unit_price, PRICE_SCALE), 2),
        "is_active": row.is_active,
        "row_version": row.row_version,
    }


def activities(rows: Sequence[ActivityRow]) -> list[Shape]:
    """Return activities of any kinds as lists show them; a statement for each kind.

    `rows` are full ones.
    """
    if not all(row.is_full for row in rows):
        raise ValueError("rows without the columns that programs get")
    own = describe_all(rows)
    return [{**_common(row), **OWN[row.kind](own[row.id])} for row in rows]


def activity(context: Context, activity_id: int) -> Shape:
    """Return one activity in full; the caller has found that it may be shown."""
    row = rows_of([activity_id], now=context.now, full=True)[activity_id]
    participants = participants_of([row.id]).get(row.id, [])
    contacts = contacts_of_activities([row.id]).get(row.id, [])
    return {
        **activities([row])[0],
        "participants": [
            {
                "id": p.id,
                "name": p.name,
                "email": p.email,
                "busy_from": instant(p.busy_from),
                "busy_until": instant(p.busy_until),
            }
            for p in participants
        ],
        "contacts": [{"id": c.id, "name": c.name} for c in contacts],
    }


def _common(row: ActivityRow) -> Shape:
    return {
        "reference": row.reference,
        "kind": row.kind,
        "title": row.title,
        "direction": row.direction,
        "company": {"id": row.company_id, "name": row.company_name},
        "date": instant(row.date),
        "due_at": instant(row.due_at),
        "done_at": instant(row.done_at),
        "result": row.result or None,
        "occurred_at": instant(row.occurred_at),
        "recorded_at": instant(row.recorded_at),
        "state": row.state.value,
        "owner": user(row.owner_id, row.owner_name, row.owner_email),
        "importance": row.importance_id,
        "product": _product(row),
        "attachments": row.attachments,
        "linked": {
            "quotes": row.quotes,
            "product_records": row.product_records,
            "events": row.events,
            "tasks": row.tasks,
        },
        "chain_size": row.chain_size,
        "source": row.source,
        "custom": by_code(row.kind, row.custom) if row.custom else {},
        "row_version": row.row_version,
    }


def _product(row: ActivityRow) -> Shape | None:
    if row.product_id is None:
        return None
    return {"id": row.product_id, "code": row.product_code, "name": row.product_name}


def _event(own: Shape) -> Shape:
    return {
        **own,
        "starts_at": instant(own["starts_at"]),
        "ends_at": instant(own["ends_at"]),
    }


def _task(own: Shape) -> Shape:
    # `due_at` is everybody's: the end of the day if only a day was given.
    return {"starts_on": day(own["starts_on"]), "due_on": day(own["due_on"])}


def _product_record(own: Shape) -> Shape:
    return {
        "type": own["type"],
        "recorded_on": day(own["recorded_on"]),
        "follow_up_on": day(own["follow_up_on"]),
        "quantity": number(own["quantity"]),
        "product_text": own["product_text"],
        "competitor": own["competitor"],
        "competitor_price": number(own["competitor_price"], 2),
        "competitor_currency": own["competitor_currency"] or None,
        "opinion": own["opinion"],
    }


def _quote(own: Shape) -> Shape:
    return {
        "issued_on": day(own["issued_on"]),
        "valid_until": day(own["valid_until"]),
        "sent_at": instant(own["sent_at"]),
        "currency": own["currency"],
        "net": amount(own["net_minor"]),
        "vat": amount(own["vat_minor"]),
        "total": amount(own["net_minor"] + own["vat_minor"]),
        "lines": [_quote_line(line) for line in own["lines"]],
    }


def _quote_line(line: Shape) -> Shape:
    return {
        "product": line["product"],
        "text": line["text"],
        "quantity": number(line["quantity"]),
        "unit": line["unit"],
        "unit_price": number(line["unit_price"], 2),
        "discount_percent": number(line["discount_percent"]),
        "vat_rate": number(line["vat_rate"]),
        "net": amount(line["net_minor"]),
    }


OWN = {
    "event": _event,
    "task": _task,
    "product_record": _product_record,
    "quote": _quote,
}


def counts(chain: ChainSummary) -> Shape:
    """Return how many of each kind a chain holds."""
    return {
        "events": chain.events,
        "tasks": chain.tasks,
        "product_records": chain.product_records,
        "quotes": chain.quotes,
    }


def chain(summary: ChainSummary) -> Shape:
    """Return what is said of a chain wherever it is named."""
    return {
        "origin": summary.origin_reference,
        "counts": counts(summary),
        "first_date": instant(summary.first_date),
        "last_date": instant(summary.last_date),
        "outcome": summary.outcome,
    }


def link(row: LinkRow) -> Shape:
    """Return one link of a chain, in references."""
    return {
        "id": row.id,
        "follow_up": row.follow_up,
        "stimulus": row.stimulus,
        "made_by": user(row.made_by_id, row.made_by_name, row.made_by_email),
        "made_at": instant(row.made_at),
        "reason": row.reason,
    }


def entry(row: Any) -> Shape:
    """Return one entry of an activity's log."""
    return {
        "id": row.pk,
        "author": user_of(row.author),
        "made_at": instant(row.made_at),
        "edited_at": instant(row.edited_at),
        "text": row.text,
        "is_locked": row.is_locked,
        "is_confidential": row.is_confidential,
    }


def attachment(row: Any, reference: str) -> Shape:
    """Return one file; `reference` is that of its activity, "" for a company's."""
    return {
        "id": row.pk,
        "name": row.name,
        "size": row.size,
        "sha256": row.sha256,
        "activity": reference or None,
        "company": row.company_id,
        "made_by": user_of(row.made_by),
        "made_at": instant(row.made_at),
    }


def merge_preview(found: Any) -> Shape:
    """Return what merging two companies would do."""
    return {
        "kept": {"id": found.kept.pk, "name": found.kept.name},
        "away": {"id": found.away.pk, "name": found.away.name},
        "fields": [
            {
                "field": one.column.removesuffix("_id"),
                "kept": _of_company(one.column, one.kept),
                "away": _of_company(one.column, one.away),
                "prefers": "away" if one.prefers_away else "kept",
            }
            for one in found.choices
        ],
        "moves": {
            label.rpartition(".")[2].lower(): number
            for label, number in found.numbers.items()
            if number
        },
    }


def column_of(field: str) -> str:
    """Return the column of a company that a field of `merge_preview` stands for."""
    known = {f.attname for f in Company._meta.local_concrete_fields}
    return field if field in known or f"{field}_id" not in known else f"{field}_id"


def _of_company(column: str, value: Any) -> Any:
    return by_code(Subject.COMPANY, value or {}) if column == "custom" else value


def gathering(row: Any, tally: Any) -> Shape:
    """Return a group event with its people; `tally` counts what the caller sees."""
    return {
        "id": row.pk,
        "title": row.title,
        "type": row.type_id,
        "starts_at": instant(row.starts_at),
        "ends_at": instant(row.ends_at),
        "all_day": row.all_day,
        "place": row.place,
        "text": row.text,
        "owner": user_of(row.owner),
        "created_by": user_of(row.created_by),
        "companies": tally.total,
        "open": tally.open,
        "replies": tally.by_reply,
        "row_version": row.row_version,
    }


def invited(row: Any) -> Shape:
    """Return one company's event in a group event."""
    return {
        "reference": row.reference,
        "company": {"id": row.company_id, "name": row.company_name},
        "reply": row.reply,
        "state": row.state,
        "result": row.result or None,
        "people": row.people,
    }


def at(row: Any) -> str:
    """Return the reference of the activity that a file is at, "" for a company."""
    return str(row.activity.reference) if row.activity_id else ""


def mark(row: Any) -> Shape:
    """Return one mark; what does not belong to its kind is null."""
    stated = row.kind == "statement"
    return {
        "id": row.pk,
        "kind": str(row.kind),
        "stage": row.value if row.kind == "stage" else None,
        "outcome": str(row.value) if row.kind == "outcome" else None,
        "reason": row.reason_id,
        "value": amount(row.amount_minor),
        "currency": row.currency or None,
        "month": row.month_on.isoformat()[:7] if row.month_on else None,
        "name": row.name if stated else None,
        "made_by": user_of(row.made_by),
        "made_at": instant(row.made_at),
    }
