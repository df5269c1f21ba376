"""What only product records have."""

from __future__ import annotations

from django.db import models

from veriga.activities.models import Activity
from veriga.setup.models import ProductRecordType


class ProductRecordDetail(models.Model):
    """Type, document date, follow-up and quantity (x 10^-3) of a product record."""

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

    def __str__(self) -> str:
        return f"{self.type_id} {self.activity_id}"
