"""Bring to the rows of activities when their quotes were sent, and to chains what
their sales may bring, by the rules that keep both from now on."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery

from veriga.activities.rules.sales import SentQuote, Sign, read_sales, worth_of

BATCH = 500


def fill(apps: Any, schema_editor: Any) -> None:
    details = apps.get_model("quotes", "QuoteDetail").objects
    activities = apps.get_model("activities", "Activity").objects
    chains = apps.get_model("activities", "Chain").objects
    marks = apps.get_model("activities", "Mark").objects
    own = details.filter(pk=OuterRef("pk")).values("first_sent_at")
    activities.filter(kind="quote").update(sent_at=Subquery(own[:1]))
    ids = list(chains.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        part = {one.pk: one for one in chains.filter(pk__in=ids[start : start + BATCH])}
        members: dict[int, list[Any]] = {pk: [] for pk in part}
        for one in activities.filter(chain_id__in=part, kind="quote"):
            members[one.chain_id].append(one)
        signs: dict[int, list[Sign]] = {pk: [] for pk in part}
        for mark in marks.filter(
            activity__chain_id__in=part, withdrawn_at__isnull=True
        ).select_related("activity"):
            signs[mark.activity.chain_id].append(
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
            )
        for pk, chain in part.items():
            quotes = members[pk]
            own_signs = signs[pk] + [
                Sign(one.recorded_at, (1, one.pk), "quote", activity_id=one.pk)
                for one in quotes
            ]
            sale = read_sales(own_signs)[0][-1]
            worth = worth_of(
                sale,
                own_signs,
                [
                    SentQuote(one.sent_at, one.pk, one.amount_minor, one.currency)
                    for one in quotes
                    if one.sent_at is not None
                ],
            )
            chain.sale_since = sale.since or chain.first_date
            if worth is not None:
                chain.sale_name = worth.name
                chain.worth_minor = worth.amount_minor
                chain.worth_currency = worth.currency
                chain.worth_month_on = worth.month_on
                chain.worth_from_id = worth.activity_id
                chain.worth_is_quoted = worth.is_quoted
        chains.bulk_update(
            part.values(),
            ["sale_since", "sale_name", "worth_minor", "worth_currency",
             "worth_month_on", "worth_from_id", "worth_is_quoted"],
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("quotes", "0001_initial"),
        ("activities", "0010_worth"),
    ]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
