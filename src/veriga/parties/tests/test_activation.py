"""Prospects become active customers: by whom, with what, and who is asked."""

from datetime import timedelta

import pytest

from veriga.access.models import User
from veriga.access.rules import Role, Scope, Source
from veriga.access.tests.factories import NOW, acting, make_team, make_user
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.history.queries import list_changes
from veriga.parties.models import ActivationRequest, Company
from veriga.parties.queries import open_requests, who_may_activate
from veriga.parties.rules import missing_when_active
from veriga.parties.services import ask_activation, create_company, update_company
from veriga.parties.tests.factories import make_company
from veriga.setup.models import Notice

pytestmark = pytest.mark.django_db
WHOLE = {
    "kind": "legal_entity",
    "tax_number": "SI15012557",
    "street": "Glavna 1",
    "postcode": "1000",
    "town": "Ljubljana",
}


@pytest.fixture
def seller() -> User:
    return make_user("Maja", team=make_team())


@pytest.fixture
def clerk(seller: User) -> User:
    """Somebody of her team who has the right."""
    return make_user("Cilka", team=seller.team, may_activate=True)


@pytest.fixture
def prospect(seller: User) -> Company:
    return make_company("Alpina", owner=seller)


def activate(user: User, company: Company, **fields: object) -> Company:
    return update_company(
        context=acting(user), company_id=company.pk, status="active", **fields
    )


class TestActivating:
    def test_who_has_the_right_does_it_with_all_that_is_needed(
        self, clerk: User, prospect: Company
    ) -> None:
        activate(clerk, prospect, **WHOLE)
        prospect.refresh_from_db()
        assert prospect.status == "active"
        change = list_changes("company", prospect.pk)[0].changes
        assert change["status"] == ["prospect", "active"]

    @pytest.mark.parametrize("field", sorted(WHOLE))
    def test_each_thing_missing_is_named(
        self, clerk: User, prospect: Company, field: str
    ) -> None:
        with pytest.raises(Invalid) as caught:
            activate(clerk, prospect, **{**WHOLE, field: ""})
        assert [(e.field, e.code) for e in caught.value.errors] == [
            (field, "needed_when_active")
        ]
        prospect.refresh_from_db()
        assert (prospect.status, prospect.town) == ("prospect", "")

    def test_without_the_right_nobody(self, seller: User, prospect: Company) -> None:
        reader = make_user(role=Role.READER, team=seller.team, may_activate=True)
        for user in (seller, reader):
            with pytest.raises(NotAllowed):
                activate(user, prospect, **WHOLE)
        with pytest.raises(NotAllowed):
            create_company(
                context=acting(seller), name="Nova", status="active", **WHOLE
            )
        assert [c.status for c in Company.objects.all()] == ["prospect"]

    def test_an_active_one_is_changed_as_before(self, seller: User) -> None:
        company = make_company("Alpina", owner=seller, status="active")
        update_company(context=acting(seller), company_id=company.pk, town="Kranj")
        company.refresh_from_db()
        assert (company.town, company.status) == ("Kranj", "active")

    def test_managers_take_it_back(self, seller: User, clerk: User) -> None:
        company = make_company("Alpina", owner=seller, status="active")
        change = {"company_id": company.pk, "status": "prospect"}
        with pytest.raises(NotAllowed):
            update_company(context=acting(clerk), **change)
        boss = make_user(role=Role.MANAGER)
        assert update_company(context=acting(boss), **change).status == "prospect"

    def test_what_was_recorded_elsewhere_is_taken_as_it_was(self) -> None:
        boss = acting(make_user(role=Role.MANAGER))
        imported = create_company(
            context=type(boss)(boss.actor, boss.now, Source.IMPORT),
            name="Uvožena",
            status="active",
        )
        assert imported.status == "active"

    @pytest.mark.parametrize(
        ("values", "missing"),
        [
            ({"kind": "natural_person", "country": "SI"}, False),
            ({"kind": "legal_entity", "country": "US"}, False),
            ({"kind": "sole_trader", "country": "AT"}, True),
        ],
    )
    def test_who_needs_a_tax_number(self, values, missing) -> None:
        assert ("tax_number" in missing_when_active(values)) is missing


class TestAsking:
    def test_a_colleague_with_the_right_gets_a_notice(
        self, seller: User, clerk: User, prospect: Company
    ) -> None:
        notice = ask_activation(
            context=acting(seller),
            company_id=prospect.pk,
            user_id=clerk.pk,
            message=" Prosim,  nujno ",
        )
        assert (notice.user, notice.kind) == (clerk, "activation_asked")
        assert notice.params == {
            "company_id": prospect.pk,
            "company": "Alpina",
            "who": "Maja",
            "text": "Prosim, nujno",
        }
        (request,) = open_requests(prospect)
        assert (request.asked, request.made_by) == (clerk, seller)
        assert list_changes("company", prospect.pk)[0].action == "ask"

    def test_who_asked_learns_of_it(
        self, seller: User, clerk: User, prospect: Company
    ) -> None:
        asking = {"company_id": prospect.pk, "user_id": clerk.pk}
        ask_activation(context=acting(seller), **asking)
        activate(clerk, prospect, **WHOLE)
        assert open_requests(prospect) == []
        (notice,) = Notice.objects.filter(user=seller)
        assert (notice.kind, notice.params["who"]) == ("activated", "Cilka")
        with pytest.raises(Conflict, match="not_a_prospect"):
            ask_activation(context=acting(seller), **asking)

    def test_once_a_day(self, seller: User, clerk: User, prospect: Company) -> None:
        asking = {"company_id": prospect.pk, "user_id": clerk.pk}
        ask_activation(context=acting(seller), **asking)
        with pytest.raises(Conflict, match="already_asked"):
            ask_activation(context=acting(seller), **asking)
        later = NOW + timedelta(days=1, minutes=1)
        ask_activation(context=acting(seller, later), **asking)
        assert ActivationRequest.objects.count() == 1
        assert Notice.objects.filter(user=clerk).count() == 2

    def test_only_who_may_and_sees_it(self, seller: User, prospect: Company) -> None:
        stranger = make_user(team=make_team(), may_activate=True)
        gone = make_user(team=seller.team, may_activate=True, is_active=False)
        for user, code in (
            (None, "required"),
            (seller, "may_not_activate"),
            (stranger, "cannot_see_company"),
            (gone, "inactive_user"),
        ):
            with pytest.raises(Invalid) as caught:
                ask_activation(
                    context=acting(seller),
                    company_id=prospect.pk,
                    user_id=user.pk if user else None,
                )
            assert [(e.field, e.code) for e in caught.value.errors] == [("user", code)]
        with pytest.raises(NotFound):
            ask_activation(
                context=acting(stranger), company_id=prospect.pk, user_id=seller.pk
            )
        reader = make_user(role=Role.READER, team=seller.team)
        with pytest.raises(NotAllowed):
            ask_activation(
                context=acting(reader), company_id=prospect.pk, user_id=seller.pk
            )
        assert not Notice.objects.exists()

    def test_who_is_offered(self, seller: User, clerk: User, prospect: Company) -> None:
        boss = make_user("Boss", role=Role.MANAGER, scope=Scope.ALL)
        make_user("Tujka", team=make_team(), may_activate=True)
        found = who_may_activate(acting(seller).actor, prospect)
        assert found == [boss, clerk]
