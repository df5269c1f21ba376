"""What only product records have."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from veriga.activities.models import Activity
from veriga.setup.models import ProductRecordType


class ProductRecordDetail(models.Model):
    """Type, dates, quantity (x 10^-3), and what the customer says of the product.

    `product_text` names a product that the catalogue lacks. The competitor's price is
    one of a unit (x 10^-4), in `competitor_currency`, which is "" without a price.
    """

    activity = models.OneToOneField(
        Activity,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="product_record",
    )
    type = models.ForeignKey(
        ProductRecordType, on_delete=models.PROTECT, related_name="+"
    )
    recorded_on = models.DateField()
    follow_up_on = models.DateField(null=True)
    quantity = models.BigIntegerField(null=True)
    product_text = models.CharField(max_length=120, blank=True, db_default="")
    competitor = models.CharField(max_length=120, blank=True, db_default="")
    competitor_price = models.BigIntegerField(null=True)
    competitor_currency = models.CharField(max_length=3, blank=True, db_default="")
    opinion = models.CharField(max_length=1000, blank=True, db_default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(competitor_price__isnull=True, competitor_currency="")
                | (Q(competitor_price__gte=0) & ~Q(competitor_currency="")),
                name="product_record_price_in_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_id} {self.activity_id}"
