"""The words that search keeps of records, computed from what they say now.

It reads for the system: who may see a record is asked when something is found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from typing import Final

from django.db.models import Model

from veriga.activities.models import Activity, Entry
from veriga.activities.queries.checking import Difference
from veriga.activities.rules.words import KindCode
from veriga.catalogue.models import Product
from veriga.common.phones import national_digits
from veriga.documents.models import Attachment
from veriga.events.models import Gathering
from veriga.parties.models import Company, Contact
from veriga.parties.rules import core_name
from veriga.work.models import (
    ActivityWords,
    CompanyWords,
    ContactWords,
    GatheringWords,
    KnownWord,
    ProductWords,
    Words,
)
from veriga.work.queries.matching import differing_tables
from veriga.work.rules.words import (
    MARKS,
    joined,
    unmarked,
    vocabulary,
    whole_code,
    words_in,
    words_of,
    writings,
)

BATCH: Final = 2_000


def activity_words(ids: Collection[int]) -> dict[int, str]:
    """Return the words of those of these activities that live; three statements.

    Confidential entries are left out: whoever may not read them must not find them, and
    finding is the only use of words.
    """
    texts: dict[int, list[str]] = defaultdict(list)
    entries = Entry.objects.filter(activity_id__in=ids, is_confidential=False)
    for pk, text in entries.values_list("activity_id", "text"):
        texts[pk].append(text)
    files = Attachment.objects.filter(activity_id__in=ids, deleted_at__isnull=True)
    for pk, name in files.values_list("activity_id", "name"):
        texts[pk].append(name)
    rows = Activity.objects.filter(pk__in=ids, deleted_at__isnull=True)
    columns = ("pk", "kind", "company_is_person", "title", "company__name")
    return {
        pk: words_of_activity(
            MARKS[KindCode(kind), is_person], title, company, texts.get(pk, ())
        )
        for pk, kind, is_person, title, company in rows.values_list(*columns)
    }


def words_of_activity(
    mark: str, title: str, company: str, texts: Collection[str]
) -> str:
    """Return what is kept of an activity, its texts those that all may read."""
    found = {*words_in(title), *_words_of_name(company)}
    for text in texts:
        found.update(words_in(text))
    return joined([f"{mark}{word}" for word in found])


def plain_words(model: type[Model], words: str) -> list[str]:
    """Return the words of a record as people write them: without a mark."""
    return unmarked(words) if model is ActivityWords else words.split()


@lru_cache(maxsize=20_000)
def _words_of_name(company: str) -> frozenset[str]:
    """Return the words of a company's name; its legal form finds nobody's activity."""
    return frozenset(words_in(core_name(company)))


COMPANY_COLUMNS: Final = (
    *("pk", "name", "phone", "email", "website", "tax_number", "registration_number"),
    "town",
)


def company_words(ids: Collection[int]) -> dict[int, str]:
    """Return the words of those of these companies that there are; one statement."""
    rows = Company.objects.filter(pk__in=ids).values_list(*COMPANY_COLUMNS)
    return {pk: words_of_company(*values) for pk, *values in rows.iterator()}


def words_of_company(
    name: str,
    phone: str,
    email: str,
    website: str,
    tax_number: str,
    registration_number: str,
    town: str,
) -> str:
    """Return what is kept of a company: names, and numbers in every writing."""
    tax = "".join(filter(str.isalnum, tax_number)).lower()
    numbers = {tax, tax[2:] if tax[:2].isalpha() else tax, *_phones(phone)}
    texts = (name, email, website, registration_number, town)
    return words_of(texts, numbers - {""})


CONTACT_COLUMNS: Final = ("pk", "first_name", "last_name", "phone", "mobile", "email")


def contact_words(ids: Collection[int]) -> dict[int, str]:
    """Return the words of those of these contacts that there are; one statement."""
    rows = Contact.objects.filter(pk__in=ids).values_list(*CONTACT_COLUMNS)
    return {pk: words_of_contact(*values) for pk, *values in rows.iterator()}


def words_of_contact(
    first_name: str, last_name: str, phone: str, mobile: str, email: str
) -> str:
    """Return what is kept of a contact. Not the company: it may be hidden."""
    numbers = {*_phones(phone), *_phones(mobile)}
    return words_of((f"{first_name} {last_name}", email), numbers)


def _phones(stored: str) -> Iterator[str]:
    """Yield the writings of a stored number, its country's code and zero or not."""
    number = stored.partition(";")[0]
    digits = "".join(filter(str.isdecimal, number))
    if not digits:
        return
    yield from writings(digits)
    bare = national_digits(stored)
    if bare:
        yield from (bare, f"0{bare}")


def gathering_words(ids: Collection[int]) -> dict[int, str]:
    """Return the words of those of these group events that there are; one statement."""
    rows = Gathering.objects.filter(pk__in=ids)
    texts = rows.values_list("pk", "title", "place", "text")
    return {pk: words_of(said) for pk, *said in texts.iterator()}


def product_words(ids: Collection[int]) -> dict[int, str]:
    """Return the words of those of these products that there are; one statement.

    A code is one word as it is, besides those in it.
    """
    rows = Product.objects.filter(pk__in=ids).values_list("pk", "name", "code")
    return {
        pk: words_of((name, code), {whole_code(code)} - {""})
        for pk, name, code in rows.iterator()
    }


Computed = Callable[[Collection[int]], dict[int, str]]
# Noun: table of its words, table of the records, what computes the words.
SUBJECTS: Final[dict[str, tuple[type[Words], type[Model], Computed]]] = {
    "activity": (ActivityWords, Activity, activity_words),
    "company": (CompanyWords, Company, company_words),
    "contact": (ContactWords, Contact, contact_words),
    "gathering": (GatheringWords, Gathering, gathering_words),
    "product": (ProductWords, Product, product_words),
}


def find_differences() -> Iterator[Difference]:
    """Yield what `veriga check` finds wrong in what search looks up."""
    listed = set(KnownWord.objects.values_list("word", flat=True))
    unknown: set[str] = set()
    for noun, (words, model, computed) in SUBJECTS.items():
        for ids in batches(model):
            rows = words._default_manager.filter(pk__in=ids)
            stored = dict(rows.values_list("pk", "words"))
            right = computed(ids)
            for pk in ids:
                if stored.get(pk) != right.get(pk):
                    yield Difference("search", f"{noun} {pk}")
                said = plain_words(words, right.get(pk, ""))
                unknown |= vocabulary(said) - listed
        for pk in orphans(words, model):
            yield Difference("search", f"{noun} {pk}")
    for word in sorted(unknown):
        yield Difference("search", f"word {word}")
    for table in differing_tables():
        yield Difference("search", table)


def orphans(words: type[Words], model: type[Model]) -> list[int]:
    """Return the ids of words whose record is gone."""
    there = model._default_manager.values("pk")
    gone = words._default_manager.exclude(pk__in=there)
    return list(gone.values_list("pk", flat=True))


def batches(model: type[Model]) -> Iterator[list[int]]:
    """Yield the ids of all rows, so many at a time that memory does not grow."""
    last = 0
    while True:
        rows = model._default_manager.filter(pk__gt=last).order_by("pk")
        ids: list[int] = list(rows.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]
