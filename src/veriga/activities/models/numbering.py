"""Tables of references: the letters of each kind and the last number given."""

from __future__ import annotations

from django.db import models

from veriga.activities.rules.words import KindCode


class Counter(models.Model):
    """The last number given under one prefix in one year."""

    prefix = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()  # four digits
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["prefix", "year"], name="counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}: {self.last}"


class Prefix(models.Model):
    """The letters that a kind's references begin with; fixed once one was given."""

    kind = models.CharField(
        max_length=16, primary_key=True, choices=[(k, k) for k in KindCode]
    )
    letters = models.CharField(max_length=4, unique=True)

    def __str__(self) -> str:
        return self.letters
