"""What only quotes have."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from veriga.activities.models import Activity
from veriga.catalogue.models import Product


class QuoteDetail(models.Model):
    """Dates and totals (minor units of the activity's currency) of a quote."""

    activity = models.OneToOneField(
        Activity, primary_key=True, on_delete=models.CASCADE, related_name="quote"
    )
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    first_sent_at = models.DateTimeField(null=True)
    net_minor = models.BigIntegerField(default=0)
    vat_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_until__gte=models.F("issued_on")),
                name="quote_valid_after_issue",
            ),
        ]

    def __str__(self) -> str:
        return f"quote {self.activity_id}"


class QuoteLine(models.Model):
    """One line of a quote, in integers: see veriga.common.money for the scales."""

    quote = models.ForeignKey(
        QuoteDetail, on_delete=models.CASCADE, related_name="lines"
    )
    position = models.PositiveSmallIntegerField()
    product = models.ForeignKey(
        Product, null=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.CharField(max_length=200)
    quantity = models.BigIntegerField()  # x 10^-3
    unit = models.CharField(max_length=12, blank=True)
    unit_price = models.BigIntegerField()  # x 10^-4
    discount_percent = models.PositiveIntegerField(default=0)  # x 10^-2
    vat_rate = models.PositiveIntegerField(default=0)  # x 10^-2
    net_minor = models.BigIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["quote", "position"], name="quote_line_position"
            ),
        ]

    def __str__(self) -> str:
        return self.text
