"""Lists of contacts and pickers."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.access.queries import actor_of
from veriga.access.rules import system
from veriga.access.tests.factories import make_team, make_user
from veriga.common.errors import Invalid, NotFound
from veriga.parties.models import Contact
from veriga.parties.queries import (
    ContactFilters,
    contacts_of,
    count_contacts,
    find_contacts,
    get_contact,
    list_contacts,
)

from .factories import make_company, make_contact

pytestmark = pytest.mark.django_db

ANYBODY = system("test")


def names(contacts: list[Contact]) -> list[str]:
    return [contact.name for contact in contacts]


class TestLists:
    def test_they_come_by_last_name(self, django_assert_num_queries: Any) -> None:
        for first, last in (("Ana", "Žagar"), ("Bor", "Zupan"), ("Žan", "Čeh")):
            make_contact(first_name=first, last_name=last)
        with django_assert_num_queries(1):
            rows = list_contacts(ANYBODY, ContactFilters()).rows
            assert all(contact.company.name for contact in rows)
        assert names(rows) == ["Žan Čeh", "Bor Zupan", "Ana Žagar"]

    def test_pages_hold_every_contact_once(self) -> None:
        for _ in range(5):
            make_contact(last_name="Novak")
        first = list_contacts(ANYBODY, ContactFilters(), limit=3)
        second = list_contacts(ANYBODY, ContactFilters(), limit=3, cursor=first.next)
        assert len({c.pk for c in first.rows + second.rows}) == 5
        assert second.next is None

    def test_filters_narrow_it(self) -> None:
        company = make_company()
        make_contact(company, last_name="Novak", email="ana@alfa.si")
        make_contact(last_name="Kovač")
        for filters in (
            ContactFilters(q="novák"),
            ContactFilters(company_id=company.pk),
            ContactFilters(q="alfa.si"),
        ):
            assert len(list_contacts(ANYBODY, filters).rows) == 1

    def test_others_contacts_are_not_in_it(self) -> None:
        company = make_company(owner=make_user(team=make_team()))
        contact = make_contact(company, last_name="Novak")
        actor = actor_of(make_user(team=make_team()))
        assert list_contacts(actor, ContactFilters()).rows == []
        assert list_contacts(actor, ContactFilters(company_id=company.pk)).rows == []
        assert find_contacts(actor, "novak") == []
        with pytest.raises(NotFound):
            contacts_of(actor, company.pk)
        with pytest.raises(NotFound):
            get_contact(actor, contact.pk)

    def test_they_are_counted_as_far_as_asked(self) -> None:
        for _ in range(3):
            make_contact(last_name="Novak")
        make_contact(last_name="Kos")
        novaks = ContactFilters(q="novak")
        assert count_contacts(ANYBODY, novaks, limit=9) == 3
        assert count_contacts(ANYBODY, novaks, limit=1) == 2

    def test_no_company_has_such_a_number(self) -> None:
        make_contact()
        assert list_contacts(ANYBODY, ContactFilters(company_id=10**30)).rows == []
        with pytest.raises(NotFound):
            contacts_of(ANYBODY, 10**30)

    @pytest.mark.parametrize("options", [{"limit": 0}, {"cursor": "x"}])
    def test_bad_input_is_refused(self, options: Any) -> None:
        with pytest.raises(Invalid):
            list_contacts(ANYBODY, ContactFilters(), **options)


class TestContactsOf:
    def test_they_come_by_last_name(self) -> None:
        company = make_company()
        for last in ("Žagar", "Čeh"):
            make_contact(company, last_name=last)
        make_contact(last_name="Tujec")
        assert [c.last_name for c in contacts_of(ANYBODY, company.pk)] == [
            "Čeh",
            "Žagar",
        ]

    def test_of_an_unknown_company_are_not_found(self) -> None:
        with pytest.raises(NotFound):
            contacts_of(ANYBODY, 0)

    def test_get_contact(self) -> None:
        contact = make_contact()
        assert get_contact(ANYBODY, contact.pk) == contact
        assert str(contact) == contact.name


class TestFindContacts:
    def test_last_names_come_first(self) -> None:
        make_contact(first_name="Novakinja", last_name="Ader")
        make_contact(first_name="Ana", last_name="Novak")
        make_contact(first_name="Bor", last_name="Starnovak")
        assert [c.last_name for c in find_contacts(ANYBODY, "NOVAK")] == [
            "Novak",
            "Ader",
            "Starnovak",
        ]

    @pytest.mark.parametrize(
        "q",
        [
            "novak ana",
            "ana novak",
            "040 123 456",
            "+386 1 222 33 44",
            "ana@alfa.si",
            "alfa.si",
        ],
    )
    def test_names_numbers_and_addresses_find_one(self, q: str) -> None:
        make_contact(
            first_name="Ana",
            last_name="Novak",
            phone="01 222 33 44",
            mobile="+386 40 123 456",
            email="ana@alfa.si",
        )
        make_contact(first_name="Bor", last_name="Kos", phone="01 999 99 99")
        assert names(find_contacts(ANYBODY, q)) == ["Ana Novak"]

    def test_no_text_offers_the_first_ones(self) -> None:
        make_contact(last_name="B"), make_contact(last_name="A")
        assert [c.last_name for c in find_contacts(ANYBODY, "", limit=1)] == ["A"]

    @pytest.mark.parametrize("q", ["%", "\x00", "\ud800", "x" * 10_000])
    def test_strange_text_breaks_nothing(self, q: str) -> None:
        make_contact()
        assert find_contacts(ANYBODY, q) in ([], list(Contact.objects.all()))
        list_contacts(ANYBODY, ContactFilters(q=q))
