"""Kind, parent, numbers and the other particulars of a company."""

from __future__ import annotations

import pytest

from veriga.access.queries import actor_of
from veriga.access.rules import Context
from veriga.access.tests.factories import NOW, make_user
from veriga.common.errors import Invalid
from veriga.history.queries import list_changes
from veriga.parties.models import Company
from veriga.parties.queries import CompanyFilters, family_of, list_companies
from veriga.parties.rules import month_or_day, registration_number, tax_number
from veriga.parties.services import create_company, update_company

from .factories import make_company

pytestmark = pytest.mark.django_db


def context_of(user):
    return Context(actor_of(user), NOW)


@pytest.fixture
def seller():
    return make_user(role="sales", scope="own")


def faults(call, **values):
    with pytest.raises(Invalid) as caught:
        call(**values)
    return {(error.field, error.code) for error in caught.value.errors}


class TestNumbers:
    @pytest.mark.parametrize(
        ("typed", "country", "stored"),
        [
            ("5022 3054", "SI", "50223054"),
            ("si 50223054", "SI", "SI50223054"),
            ("ATU13585627", "AT", "ATU13585627"),
            ("DE 136,695 976", "DE", "DE136695976"),
            ("50223055", "SI", None),
            ("ATU13585627", "SI", None),
            ("whatever 12", "US", "whatever 12"),
        ],
    )
    def test_a_tax_number_is_that_of_its_country(self, typed, country, stored):
        assert tax_number(typed, country) == stored

    def test_a_slovenian_registration_number_is_checked(self):
        assert registration_number("9331310 000", "SI") == "9331310"
        assert registration_number("9331320", "SI") is None
        assert registration_number("HRB 1234", "DE") == "HRB 1234"

    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("2027-03", "2027-03"),
            ("2027-3-5", "2027-03-05"),
            ("3. 2027", "2027-03"),
            ("15.3.2027", "2027-03-15"),
            ("31. 2. 2027", None),
            ("13. 2027", None),
            ("spring", None),
            ("٣. 2027", None),
        ],
    )
    def test_a_month_or_a_day(self, typed, stored):
        assert month_or_day(typed) == stored


class TestSaving:
    def test_all_is_stored_and_noted(self, seller):
        head = make_company("Skupina", owner=seller)
        company = make_company(owner=seller)
        values = {
            "kind": "branch",
            "parent_id": head.pk,
            "abc": "A",
            "language": "de",
            "expected_on": "3. 2027",
            "tax_number": "SI 50223054",
            "registration_number": "9331310",
            "notes": "prva\ndruga",
        }
        update_company(context=context_of(seller), company_id=company.pk, **values)
        company.refresh_from_db()
        expected = {**values, "expected_on": "2027-03", "tax_number": "SI50223054"}
        assert {name: getattr(company, name) for name in values} == expected
        assert set(list_changes("company", company.pk)[0].changes) == set(values)

    def test_a_new_one_may_have_them_too(self, seller):
        company = create_company(
            context=context_of(seller), name="Nova", kind="sole_trader", abc=None
        )
        assert (company.kind, company.abc, company.parent_id) == (
            "sole_trader",
            "",
            None,
        )

    def test_what_is_wrong_is_named_and_nothing_changes(self, seller):
        company = make_company(owner=seller)
        found = faults(
            update_company,
            context=context_of(seller),
            company_id=company.pk,
            kind="club",
            abc="D",
            language="xx",
            expected_on="soon",
            tax_number="12345678",
            registration_number="1",
            notes="x" * 10_001,
        )
        assert found == {
            ("kind", "unknown_choice"),
            ("abc", "unknown_choice"),
            ("language", "unknown_choice"),
            ("expected_on", "not_a_month_or_day"),
            ("tax_number", "bad_tax_number"),
            ("registration_number", "bad_registration_number"),
            ("notes", "too_long"),
        }
        assert Company.objects.get(pk=company.pk).row_version == company.row_version

    def test_an_old_wrong_number_may_stay(self, seller):
        company = make_company(owner=seller, tax_number="123")
        changes = {"tax_number": "123", "town": "Kranj"}
        update_company(context=context_of(seller), company_id=company.pk, **changes)
        company.refresh_from_db()
        assert (company.tax_number, company.town) == ("123", "Kranj")


class TestParent:
    def test_no_circle(self, seller):
        top = make_company(owner=seller)
        middle = make_company(owner=seller, parent=top)
        low = make_company(owner=seller, parent=middle)
        for parent in (top, low):
            values = {"company_id": top.pk, "parent_id": parent.pk}
            found = faults(update_company, context=context_of(seller), **values)
            assert found == {("parent_id", "own_parent")}

    def test_only_a_visible_one(self, seller):
        mine = make_company(owner=seller)
        theirs = make_company(owner=make_user(role="sales", scope="own"))
        values = {"company_id": mine.pk, "parent_id": theirs.pk}
        found = faults(update_company, context=context_of(seller), **values)
        assert found == {("parent_id", "unknown_choice")}

    def test_one_that_became_invisible_may_stay(self, seller):
        theirs = make_company(owner=make_user(role="sales", scope="own"))
        mine = make_company(owner=seller, parent=theirs)
        values = {"parent_id": theirs.pk, "town": "Celje"}
        update_company(context=context_of(seller), company_id=mine.pk, **values)
        assert Company.objects.get(pk=mine.pk).town == "Celje"

    def test_the_family_is_what_the_actor_sees(self, seller):
        top = make_company("Vrh", owner=seller)
        mine = make_company("Moja", owner=seller, parent=top)
        below = make_company("Spodnja", owner=seller, parent=mine)
        make_company(owner=make_user(role="sales", scope="own"), parent=mine)
        assert family_of(actor_of(seller), mine) == [below, top]


def test_the_list_is_narrowed_by_kind_and_mark(seller):
    wanted = make_company(owner=seller, kind="branch", abc="A")
    make_company(owner=seller, kind="branch", abc="B")
    make_company(owner=seller, abc="A")
    for filters, count in (
        (CompanyFilters(kind="branch", abc="A"), 1),
        (CompanyFilters(kind="branch"), 2),
        (CompanyFilters(abc="A"), 2),
        (CompanyFilters(kind="\0"), 0),
    ):
        rows = list_companies(actor_of(seller), filters).rows
        assert len(rows) == count
        assert not count or wanted in rows
