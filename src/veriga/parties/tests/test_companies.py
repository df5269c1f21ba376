"""Making, changing, deleting and sharing companies."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import (
    NOW,
    acting,
    as_system,
    make_administrator,
    make_team,
    make_user,
)
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.history.queries import list_changes
from veriga.parties.models import Company, Share
from veriga.parties.queries import can_see, visible_companies
from veriga.parties.services import (
    create_company,
    create_own_firm,
    delete_company,
    follow_owner_team,
    share_company,
    unshare_company,
    update_company,
)
from veriga.setup.queries import forget_code_lists
from veriga.setup.services import install_code_lists

from .factories import make_company, make_contact, make_own_firm, make_share

pytestmark = pytest.mark.django_db

BAD_INPUT = [
    ("name", "", "required"),
    ("name", None, "required"),
    ("name", "x" * 201, "too_long"),
    ("name", "a\x00b", "control_characters"),
    ("name", "a\nb", "control_characters"),
    ("name", 7, "wrong_type"),
    ("status", "customer", "unknown_choice"),
    ("status", None, "unknown_choice"),
    ("prospect_type", "king", "unknown_choice"),
    ("street", "x" * 121, "too_long"),
    ("postcode", "x" * 17, "too_long"),
    ("town", "x" * 81, "too_long"),
    ("country", "ZZ", "unknown_choice"),
    ("country", "Slovenija", "unknown_choice"),
    ("country", "", "required"),
    ("phone", "1" * 41, "too_long"),
    ("email", "not an address", "not_an_email"),
    ("website", "javascript:alert(1)", "not_a_website"),
    ("website", "javascript://a.b/%0aalert(1)", "not_a_website"),
    ("website", "alfa", "not_a_website"),
    ("website", "alfa .si", "not_a_website"),
    ("website", "https://a.si:99999", "not_a_website"),
    ("tax_number", "1" * 21, "too_long"),
    ("account_owner_id", 0, "unknown_choice"),
    ("account_owner_id", 10**6, "unknown_choice"),
    ("account_owner_id", 10**30, "unknown_choice"),
    ("account_owner_id", "7", "wrong_type"),
    ("account_owner_id", True, "wrong_type"),
    ("team_id", 1, "unknown_field"),
    ("is_own", True, "unknown_field"),
]


@pytest.fixture(autouse=True)
def code_lists() -> None:
    forget_code_lists()
    install_code_lists()


class TestCreateCompany:
    def test_a_name_is_enough(self) -> None:
        user = make_user(team=make_team())
        company = create_company(context=acting(user), name=" Žito  d.o.o. ")
        company.refresh_from_db()
        assert (company.name, company.name_key, company.name_folded) == (
            "Žito d.o.o.",
            "z~ito d.o.o.",
            "zito d.o.o.",
        )
        assert (company.account_owner, company.team) == (user, user.team)
        assert (company.created_by, company.created_at) == (user, NOW)
        assert (company.status, company.country) == ("prospect", "SI")
        assert company.row_version == 1

    def test_all_fields_are_kept(self) -> None:
        given = {
            "status": "active",
            "kind": "legal_entity",
            "prospect_type": "reseller",
            "street": "Slovenska 1",
            "postcode": "1000",
            "town": "Ljubljana",
            "country": "si",
            "phone": " 01 222 33 44",
            "email": "info@zito.si",
            "website": "www.zito.si/o-nas",
            "tax_number": " SI 150 125 57",
        }
        company = create_company(
            context=acting(make_user(may_activate=True)), name="Žito", **given
        )
        company.refresh_from_db()
        kept = {field: getattr(company, field) for field in given}
        assert kept == {
            **given,
            "country": "SI",
            "phone": "+38612223344",
            "tax_number": "SI15012557",
            "prospect_type": company.prospect_type,
        }
        assert company.prospect_type_id == "reseller"

    def test_another_account_owner_brings_their_team(self) -> None:
        owner = make_user(team=make_team())
        manager = make_user(role=Role.MANAGER)
        company = create_company(
            context=acting(manager), name="Alfa", account_owner_id=owner.pk
        )
        assert (company.account_owner_id, company.team_id) == (owner.pk, owner.team_id)
        assert not Share.objects.exists()

    def test_its_maker_keeps_sight_of_it(self) -> None:
        user = make_user(team=make_team())
        owner = make_user(team=make_team())
        company = create_company(
            context=acting(user), name="Alfa", account_owner_id=owner.pk
        )
        assert can_see(user, company)
        assert Share.objects.get().user == user

    def test_the_system_makes_one_without_account_owner(self) -> None:
        company = create_company(context=as_system(), name="Alfa")
        assert (company.account_owner_id, company.team_id) == (None, None)

    def test_a_duplicate_is_allowed(self) -> None:
        context = acting(make_user())
        for _ in range(2):
            create_company(context=context, name="Alfa")
        assert Company.objects.count() == 2

    def test_letters_that_grow_when_folded_fit(self) -> None:
        company = create_company(context=acting(make_user()), name="ß" * 200)
        assert len(company.name_folded) == 200
        assert len(company.name_key) == 160

    def test_history_begins(self) -> None:
        user = make_user()
        company = create_company(context=acting(user), name="Alfa")
        (line,) = list_changes("company", company.pk)
        assert (line.action, line.made_by, line.source) == ("create", user, "form")

    def test_readers_may_not(self) -> None:
        with pytest.raises(NotAllowed):
            create_company(context=acting(make_user(role=Role.READER)), name="Alfa")

    @pytest.mark.parametrize(("field", "value", "code"), BAD_INPUT)
    def test_bad_input_is_refused(self, field: str, value: object, code: str) -> None:
        with pytest.raises(Invalid) as error:
            create_company(context=acting(make_user()), **{"name": "A", field: value})
        assert [(e.field, e.code) for e in error.value.errors] == [(field, code)]
        assert not Company.objects.exists()

    def test_the_deactivated_look_after_nothing(self) -> None:
        gone = make_user(is_active=False)
        with pytest.raises(Invalid) as error:
            create_company(
                context=acting(make_user()), name="A", account_owner_id=gone.pk
            )
        assert error.value.code == "inactive_user"


class TestUpdateCompany:
    def test_it_works(self) -> None:
        user = make_user()
        company = make_company("Žito", owner=user)
        update_company(
            context=acting(user),
            company_id=company.pk,
            expected_version=1,
            name="Čebela",
            website="https://cebela.si",
        )
        company.refresh_from_db()
        assert (company.name, company.name_key, company.name_folded) == (
            "Čebela",
            "c~ebela",
            "cebela",
        )
        assert company.row_version == 2
        (line,) = list_changes("company", company.pk)
        assert line.changes == {
            "name": ["Žito", "Čebela"],
            "website": ["", "https://cebela.si"],
        }

    def test_nothing_new_changes_nothing(self) -> None:
        user = make_user()
        company = make_company("Žito", owner=user)
        update_company(context=acting(user), company_id=company.pk, name="Žito ")
        company.refresh_from_db()
        assert company.row_version == 1
        assert list_changes("company", company.pk) == []

    def test_a_stale_form_is_refused(self) -> None:
        user = make_user()
        company = make_company(owner=user)
        update_company(context=acting(user), company_id=company.pk, town="Kranj")
        with pytest.raises(Conflict) as error:
            update_company(
                context=acting(user),
                company_id=company.pk,
                expected_version=1,
                town="Bled",
            )
        assert error.value.code == "stale"
        company.refresh_from_db()
        assert company.town == "Kranj"

    def test_a_colleague_of_the_team_may(self) -> None:
        team = make_team()
        company = make_company(owner=make_user(team=team))
        colleague = make_user(team=team)
        update_company(context=acting(colleague), company_id=company.pk, town="Ptuj")
        company.refresh_from_db()
        assert company.town == "Ptuj"

    def test_of_another_team_it_is_not_found(self) -> None:
        company = make_company(owner=make_user(team=make_team()))
        stranger = acting(make_user(team=make_team()))
        with pytest.raises(NotFound):
            update_company(context=stranger, company_id=company.pk, town="Ptuj")
        with pytest.raises(NotFound):
            update_company(context=stranger, company_id=0, town="Ptuj")

    def test_readers_may_not(self) -> None:
        reader = make_user(role=Role.READER)
        company = make_company(owner=reader)
        with pytest.raises(NotAllowed):
            update_company(context=acting(reader), company_id=company.pk, town="Ptuj")

    @pytest.mark.parametrize(("field", "value", "code"), BAD_INPUT)
    def test_bad_input_is_refused(self, field: str, value: object, code: str) -> None:
        user = make_user(role=Role.MANAGER)
        company = make_company(owner=user)
        with pytest.raises(Invalid) as error:
            update_company(
                context=acting(user), company_id=company.pk, **{field: value}
            )
        assert [(e.field, e.code) for e in error.value.errors] == [(field, code)]

    def test_its_owner_hands_it_over_with_its_team(self) -> None:
        owner, heir = make_user(team=make_team()), make_user(team=make_team())
        company = make_company(owner=owner)
        update_company(
            context=acting(owner), company_id=company.pk, account_owner_id=heir.pk
        )
        company.refresh_from_db()
        assert (company.account_owner, company.team) == (heir, heir.team)
        assert not visible_companies(actor_of(owner)).exists()
        assert set(list_changes("company", company.pk)[0].changes) == {
            "account_owner_id",
            "team_id",
        }

    def test_a_colleague_of_the_owner_brings_no_other_team(self) -> None:
        team = make_team()
        owner, heir = make_user(team=team), make_user(team=team)
        company = make_company(owner=owner)
        update_company(
            context=acting(owner), company_id=company.pk, account_owner_id=heir.pk
        )
        (line,) = list_changes("company", company.pk)
        assert set(line.changes) == {"account_owner_id"}

    def test_a_manager_may_leave_it_without_one(self) -> None:
        company = make_company(owner=make_user(team=make_team()))
        manager = acting(make_user(role=Role.MANAGER))
        update_company(context=manager, company_id=company.pk, account_owner_id=None)
        company.refresh_from_db()
        assert (company.account_owner, company.team) == (None, None)

    def test_a_colleague_may_not_take_it(self) -> None:
        team = make_team()
        company = make_company(owner=make_user(team=team))
        colleague = make_user(team=team)
        with pytest.raises(NotAllowed):
            update_company(
                context=acting(colleague),
                company_id=company.pk,
                account_owner_id=colleague.pk,
            )

    def test_an_owner_who_left_stays_until_somebody_is_chosen(self) -> None:
        gone = make_user(is_active=False)
        company = make_company(owner=gone)
        manager = acting(make_user(role=Role.MANAGER))
        update_company(
            context=manager,
            company_id=company.pk,
            account_owner_id=gone.pk,
            town="Celje",
        )
        company.refresh_from_db()
        assert company.town == "Celje"

    def test_a_prospect_type_that_went_stays_where_it_is(self) -> None:
        from veriga.setup.models import ProspectType

        user = make_user()
        company = make_company(owner=user, prospect_type_id="specifier")
        ProspectType.objects.filter(code="specifier").update(life_cycle="off")
        forget_code_lists()
        update_company(
            context=acting(user),
            company_id=company.pk,
            prospect_type="specifier",
            town="Koper",
        )
        update_company(context=acting(user), company_id=company.pk, prospect_type="")
        with pytest.raises(Invalid) as error:
            update_company(
                context=acting(user), company_id=company.pk, prospect_type="specifier"
            )
        assert error.value.code == "not_offered"

    def test_the_own_firm_is_its_managers_affair(self) -> None:
        firm = make_own_firm()
        with pytest.raises(NotAllowed):
            update_company(context=acting(make_user()), company_id=firm.pk, name="X")
        manager = make_user(role=Role.MANAGER, scope=Scope.OWN)
        update_company(context=acting(manager), company_id=firm.pk, name="Mi")
        firm.refresh_from_db()
        assert firm.name == "Mi"


class TestDeleteCompany:
    def test_its_owner_may(self) -> None:
        owner = make_user()
        company = make_company("Alfa", owner=owner)
        make_share(company, make_user())
        delete_company(context=acting(owner), company_id=company.pk)
        assert not Company.objects.exists()
        assert list_changes("company", company.pk)[0].changes == {
            "name": ["Alfa", None]
        }

    def test_its_maker_and_managers_may(self) -> None:
        team = make_team()
        maker, owner = make_user(team=team), make_user(team=team)
        manager = make_user(role=Role.MANAGER)
        for user in (maker, manager):
            company = make_company(owner=owner, created_by=maker)
            delete_company(context=acting(user), company_id=company.pk)
        assert not Company.objects.exists()

    def test_a_colleague_may_not(self) -> None:
        team = make_team()
        company = make_company(owner=make_user(team=team))
        with pytest.raises(NotAllowed):
            delete_company(context=acting(make_user(team=team)), company_id=company.pk)

    def test_readers_may_not(self) -> None:
        reader = make_user(role=Role.READER)
        company = make_company(owner=reader)
        with pytest.raises(NotAllowed):
            delete_company(context=acting(reader), company_id=company.pk)

    def test_of_another_team_it_is_not_found(self) -> None:
        company = make_company(owner=make_user(team=make_team()))
        with pytest.raises(NotFound):
            delete_company(
                context=acting(make_user(team=make_team())), company_id=company.pk
            )

    def test_one_with_contacts_stays(self) -> None:
        owner = make_user()
        company = make_company(owner=owner)
        make_contact(company)
        with pytest.raises(Conflict) as error:
            delete_company(context=acting(owner), company_id=company.pk)
        assert error.value.code == "company_in_use"
        assert Company.objects.exists()

    def test_the_own_firm_stays(self) -> None:
        firm = make_own_firm()
        with pytest.raises(NotAllowed):
            delete_company(context=acting(make_administrator()), company_id=firm.pk)


class TestShares:
    def test_the_owner_shares_and_takes_back(self) -> None:
        owner, guest = make_user(team=make_team()), make_user(team=make_team())
        company = make_company(owner=owner)
        context = acting(owner)
        share = share_company(context=context, company_id=company.pk, user_id=guest.pk)
        assert (share.made_by, share.made_at) == (owner, NOW)
        assert visible_companies(actor_of(guest)).get() == company
        unshare_company(context=context, company_id=company.pk, user_id=guest.pk)
        assert not visible_companies(actor_of(guest)).exists()
        actions = [line.action for line in list_changes("company", company.pk)]
        assert sorted(actions) == ["share", "unshare"]

    def test_doing_it_twice_is_doing_it_once(self) -> None:
        owner, guest = make_user(), make_user()
        company = make_company(owner=owner)
        for service in (share_company, share_company, unshare_company, unshare_company):
            service(context=acting(owner), company_id=company.pk, user_id=guest.pk)
        assert len(list_changes("company", company.pk)) == 2

    def test_a_manager_may(self) -> None:
        company, guest = make_company(), make_user()
        manager = acting(make_user(role=Role.MANAGER))
        share_company(context=manager, company_id=company.pk, user_id=guest.pk)
        assert can_see(guest, company)

    @pytest.mark.parametrize("service", [share_company, unshare_company])
    def test_a_colleague_may_not(self, service: Any) -> None:
        team = make_team()
        company = make_company(owner=make_user(team=team))
        with pytest.raises(NotAllowed):
            service(
                context=acting(make_user(team=team)),
                company_id=company.pk,
                user_id=make_user().pk,
            )

    @pytest.mark.parametrize("service", [share_company, unshare_company])
    def test_a_reader_may_not_even_as_owner(self, service: Any) -> None:
        reader = make_user(role=Role.READER)
        company = make_company(owner=reader)
        with pytest.raises(NotAllowed):
            service(
                context=acting(reader), company_id=company.pk, user_id=make_user().pk
            )

    @pytest.mark.parametrize("service", [share_company, unshare_company])
    def test_of_another_team_it_is_not_found(self, service: Any) -> None:
        company = make_company(owner=make_user(team=make_team()))
        stranger = make_user(team=make_team())
        with pytest.raises(NotFound):
            service(
                context=acting(stranger), company_id=company.pk, user_id=stranger.pk
            )

    def test_nobody_loses_a_share_they_never_had(self) -> None:
        owner = make_user()
        company = make_company(owner=owner)
        for user_id in (0, 10**30):
            unshare_company(
                context=acting(owner), company_id=company.pk, user_id=user_id
            )
        assert list_changes("company", company.pk) == []

    def test_one_must_be_there_to_be_given_a_share(self) -> None:
        owner = make_user()
        company, gone = make_company(owner=owner), make_user(is_active=False)
        for user_id, code in (
            (0, "unknown_choice"),
            (10**30, "unknown_choice"),
            (gone.pk, "inactive_user"),
        ):
            with pytest.raises(Invalid) as error:
                share_company(
                    context=acting(owner), company_id=company.pk, user_id=user_id
                )
            assert error.value.code == code


class TestOwnFirm:
    def test_there_is_one(self) -> None:
        context = acting(make_administrator())
        firm = create_own_firm(context=context, name="Interno")
        again = create_own_firm(context=context, name="Drugo")
        assert again == firm
        assert again.name == "Interno"
        assert (firm.is_own, firm.status) == (True, "active")

    def test_a_bad_name_is_refused(self) -> None:
        with pytest.raises(Invalid):
            create_own_firm(context=as_system(), name="")

    def test_nobody_else_may(self) -> None:
        with pytest.raises(NotAllowed):
            create_own_firm(context=acting(make_user(role=Role.MANAGER)), name="X")


class TestFollowOwnerTeam:
    def test_the_companies_move(self) -> None:
        user = make_user(team=make_team())
        moving = make_company(owner=user)
        user.team = make_team()
        user.save()
        staying = make_company(owner=user)
        context = acting(make_administrator())
        assert follow_owner_team(context=context, user=user) == [moving]
        moving.refresh_from_db()
        staying.refresh_from_db()
        assert (moving.team, moving.row_version) == (user.team, 2)
        assert staying.row_version == 1

    def test_nobody_else_may(self) -> None:
        user = make_user(role=Role.MANAGER)
        with pytest.raises(NotAllowed):
            follow_owner_team(context=acting(user), user=user)
