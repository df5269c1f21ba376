"""Products, as far as records and quotes name them."""

from __future__ import annotations

from django.db import models

from veriga.common.fields import KeyField


class Product(models.Model):
    """Something we sell; activities and quote lines refer to it."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_key = KeyField(max_length=160)
    name_folded = KeyField(max_length=120)
    unit = models.CharField(max_length=12, default="kos")
    unit_price = models.BigIntegerField(default=0)  # x 10^-4 of the currency
    is_active = models.BooleanField(default=True)
    row_version = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        ordering = ["name_key", "id"]
        indexes = [models.Index(fields=["name_key", "id"], name="product_by_name")]

    def __str__(self) -> str:
        return self.name
