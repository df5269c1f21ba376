"""Categories of companies: several for each, chosen from a list."""

import pytest

from veriga.access.models import User
from veriga.access.tests.factories import acting, actor_of, make_user
from veriga.common.errors import Invalid
from veriga.history.queries import list_changes
from veriga.parties.models import Company
from veriga.parties.queries import (
    CompanyFilters,
    categories_of,
    count_companies,
    list_companies,
)
from veriga.parties.services import create_company, update_company
from veriga.setup.models import CompanyCategory
from veriga.setup.queries import forget_code_lists
from veriga.setup.services import install_code_lists

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> User:
    install_code_lists()
    return make_user()


def made(seller: User, name: str, *categories: str) -> Company:
    return create_company(
        context=acting(seller), name=name, categories=list(categories)
    )


def changed(seller: User, company: Company, *categories: str) -> Company:
    return update_company(
        context=acting(seller), company_id=company.pk, categories=list(categories)
    )


class TestSaving:
    def test_several_in_the_order_of_the_list(self, seller: User) -> None:
        gora = made(seller, "Gora", "trader", "manufacturer", "trader")
        assert categories_of([gora.pk]) == {gora.pk: ["manufacturer", "trader"]}
        assert made(seller, "Prazna").pk not in categories_of([gora.pk])

    def test_a_change_leaves_history_and_a_version(self, seller: User) -> None:
        gora = made(seller, "Gora", "trader")
        after = changed(seller, gora, "services", "trader")
        assert after.row_version == 2
        assert list_changes("company", gora.pk)[0].changes["categories"] == [
            ["trader"],
            ["trader", "services"],
        ]
        assert changed(seller, gora, "trader", "services").row_version == 2

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            (["pirate"], "unknown_choice"),
            ("trader", "wrong_type"),
            ([7], "unknown_choice"),
        ],
    )
    def test_bad_input_changes_nothing(self, seller: User, given, code) -> None:
        gora = made(seller, "Gora", "trader")
        for service, more in (
            (create_company, {"name": "Nova"}),
            (update_company, {"company_id": gora.pk, "name": "Druga"}),
        ):
            with pytest.raises(Invalid) as caught:
                service(context=acting(seller), categories=given, **more)
            assert [(e.field, e.code) for e in caught.value.errors] == [
                ("categories", code)
            ]
        assert [c.name for c in Company.objects.all()] == ["Gora"]
        assert categories_of([gora.pk]) == {gora.pk: ["trader"]}

    def test_what_is_retired_stays_and_is_not_given_anew(self, seller: User) -> None:
        gora = made(seller, "Gora", "trader")
        CompanyCategory.objects.filter(pk="trader").update(life_cycle="off")
        forget_code_lists()
        changed(seller, gora, "trader", "services")
        with pytest.raises(Invalid, match="not_offered"):
            made(seller, "Nova", "trader")


class TestFiltering:
    def test_a_list_is_narrowed(self, seller: User) -> None:
        gora, _dol = made(seller, "Gora", "trader"), made(seller, "Dol", "services")
        filters = CompanyFilters(category="trader")
        actor = actor_of(seller)
        assert [c.pk for c in list_companies(actor, filters).rows] == [gora.pk]
        assert count_companies(actor, filters, limit=9) == 1
        assert list_companies(actor, CompanyFilters(category="x")).rows == []
