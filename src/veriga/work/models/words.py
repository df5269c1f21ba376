"""What search looks up: the words of each record, all words there are, the frequent.

They follow from other tables (`queries/texts.py`) by the rule of `rules/words.py`, and
name their record without a foreign key: nothing but search ever asks for them. How the
words are found is said in `queries/matching.py`, because each database has its own way.
"""

from __future__ import annotations

from django.db import models

from veriga.common.fields import KeyField
from veriga.work.rules.words import LONGEST


class Words(models.Model):
    """The words of one record, folded and without endings, a space around each."""

    # Of the record itself. Never counted on: this type is what SQLite finds rows by.
    id = models.BigAutoField(primary_key=True)
    words = models.TextField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.id}:{self.words[:40]}"


class ActivityWords(Words):
    """Of an activity: its title, company, attachments, and entries all may read.

    Each behind the mark of the activity's kind (`rules/words.py`). What is deleted has
    none.
    """

    class Meta(Words.Meta):
        verbose_name_plural = "activity words"


class CompanyWords(Words):
    """Of a company: its names and numbers."""

    class Meta(Words.Meta):
        verbose_name_plural = "company words"


class ContactWords(Words):
    """Of a contact: their name and numbers."""

    class Meta(Words.Meta):
        verbose_name_plural = "contact words"


class GatheringWords(Words):
    """Of a group event: its title, place and text, which its companies share."""

    class Meta(Words.Meta):
        verbose_name_plural = "gathering words"


class ProductWords(Words):
    """Of a product: its name and code."""

    class Meta(Words.Meta):
        verbose_name_plural = "product words"


class KnownWord(models.Model):
    """A word that some record holds or held: what a mistyped one may stand for."""

    word = KeyField(max_length=LONGEST, primary_key=True)

    def __str__(self) -> str:
        return self.word


class FrequentWord(models.Model):
    """A word, with its mark, that many activities held at the last count."""

    word = KeyField(max_length=LONGEST + 1, primary_key=True)
    activities = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.word
