"""Keep on the marks that close a sale how, and what it was worth, by the rule that
keeps it from now on."""

from typing import Any

from django.db import migrations

from veriga.activities.rules.sales import (
    AcceptedQuote,
    SentQuote,
    Sign,
    closes_of,
    read_sales,
)

BATCH = 500


def fill(apps: Any, schema_editor: Any) -> None:
    activities = apps.get_model("activities", "Activity").objects
    marks = apps.get_model("activities", "Mark").objects
    in_force = marks.filter(withdrawn_at__isnull=True)
    closing = in_force.filter(kind="outcome", activity__chain_id__isnull=False)
    found = closing.values_list("activity__chain_id", flat=True).distinct()
    ids = sorted(found)
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        quotes: dict[int, list[Any]] = {pk: [] for pk in part}
        for one in activities.filter(chain_id__in=part, kind="quote"):
            quotes[one.chain_id].append(one)
        rows: dict[int, dict[int, Any]] = {pk: {} for pk in part}
        for mark in in_force.filter(activity__chain_id__in=part).select_related(
            "activity"
        ):
            rows[mark.activity.chain_id][mark.pk] = mark
        changed = []
        for pk in part:
            for mark_id, close in _closes(rows[pk].values(), quotes[pk]).items():
                mark = rows[pk][mark_id]
                mark.closes = close.outcome
                mark.closed_minor = close.amount_minor
                mark.closed_currency = close.currency
                changed.append(mark)
        marks.bulk_update(changed, ["closes", "closed_minor", "closed_currency"])


def _closes(marks: Any, quotes: list[Any]) -> Any:
    signs = [
        Sign(
            mark.made_at,
            (0, mark.pk),
            mark.kind,
            mark.value,
            mark.activity_id,
            mark.amount_minor,
            mark.currency,
            mark.month_on,
            mark.name,
        )
        for mark in marks
    ]
    signs += [
        Sign(one.recorded_at, (1, one.pk), "quote", activity_id=one.pk)
        for one in quotes
    ]
    sent = [
        SentQuote(one.sent_at, one.pk, one.amount_minor, one.currency)
        for one in quotes
        if one.sent_at is not None
    ]
    accepted = [
        AcceptedQuote(one.done_at, one.pk, one.amount_minor, one.currency)
        for one in quotes
        if one.result == "accepted" and one.done_at is not None
    ]
    return closes_of(read_sales(signs)[0], signs, sent, accepted)


class Migration(migrations.Migration):
    dependencies = [
        ("quotes", "0002_sent_at_on_the_row"),
        ("activities", "0012_closes_of_sales"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
