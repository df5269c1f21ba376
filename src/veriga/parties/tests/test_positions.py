"""Contacts at several companies: who is where, and who sees what of it."""

from datetime import date

import pytest

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import acting, actor_of, make_team, make_user
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.history.queries import list_changes
from veriga.parties.models import Company, Contact, Position
from veriga.parties.queries import (
    ContactFilters,
    contacts_of,
    count_contacts,
    find_contacts,
    get_contact,
    list_contacts,
    people_at,
    positions_of,
)
from veriga.parties.services import (
    add_position,
    delete_contact,
    make_first,
    remove_position,
    update_contact,
    update_position,
)
from veriga.parties.tests.factories import make_company, make_contact

pytestmark = pytest.mark.django_db
SPRING = date(2026, 3, 1)


@pytest.fixture
def maja() -> User:
    return make_user("Maja", scope=Scope.OWN, team=make_team())


@pytest.fixture
def boss() -> User:
    return make_user("Boss", role=Role.MANAGER)


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina", owner=maja)


@pytest.fixture
def birokrat(boss: User) -> Company:
    """A company that Maja does not see."""
    return make_company("Birokrat", owner=boss)


@pytest.fixture
def kos(alpina: Company) -> Contact:
    return make_contact(alpina, first_name="Eva", last_name="Kos", function="Direktor")


class TestAdding:
    def test_it_works_and_leaves_history(
        self, boss: User, kos: Contact, birokrat: Company
    ) -> None:
        position = add_position(
            context=acting(boss),
            contact_id=kos.pk,
            company_id=birokrat.pk,
            function=" Prokurist ",
            since_on=SPRING,
        )
        assert positions_of(actor_of(boss), kos.pk) == [position]
        assert (position.function, position.since_on) == ("Prokurist", SPRING)
        kos.refresh_from_db()
        assert kos.row_version == 2
        assert list_changes("contact", kos.pk)[0].changes == {
            "position": [None, [birokrat.pk, "Prokurist", "2026-03-01", ""]]
        }

    @pytest.mark.parametrize(
        ("fields", "field", "code"),
        [
            ({"function": "x" * 81}, "function", "too_long"),
            ({"since_on": "1. 3. 2026"}, "since_on", "not_a_date"),
            (
                {"since_on": SPRING, "until_on": date(2026, 2, 28)},
                "until_on",
                "until_before_since",
            ),
            ({"rank": 1}, "rank", "unknown_field"),
        ],
    )
    def test_bad_input_changes_nothing(
        self, boss: User, kos: Contact, birokrat: Company, fields, field, code
    ) -> None:
        with pytest.raises(Invalid) as caught:
            add_position(
                context=acting(boss),
                contact_id=kos.pk,
                company_id=birokrat.pk,
                **fields,
            )
        assert [(e.field, e.code) for e in caught.value.errors] == [(field, code)]
        assert not Position.objects.exists()

    def test_nobody_is_twice_at_one_company(
        self, boss: User, kos: Contact, birokrat: Company, alpina: Company
    ) -> None:
        context = acting(boss)
        add_position(context=context, contact_id=kos.pk, company_id=birokrat.pk)
        for company in (birokrat, alpina):
            with pytest.raises(Invalid, match="already_there"):
                add_position(context=context, contact_id=kos.pk, company_id=company.pk)

    def test_who_may(self, maja: User, kos: Contact, birokrat: Company) -> None:
        with pytest.raises(NotFound):  # Maja does not see that company
            add_position(
                context=acting(maja), contact_id=kos.pk, company_id=birokrat.pk
            )
        reader = make_user(role=Role.READER, scope=Scope.ALL)
        with pytest.raises(NotAllowed):
            add_position(
                context=acting(reader), contact_id=kos.pk, company_id=birokrat.pk
            )
        assert not Position.objects.exists()

    def test_a_stale_form_is_refused(
        self, boss: User, kos: Contact, birokrat: Company
    ) -> None:
        with pytest.raises(Conflict, match="stale"):
            add_position(
                context=acting(boss),
                contact_id=kos.pk,
                company_id=birokrat.pk,
                expected_version=7,
            )


@pytest.fixture
def position(boss: User, kos: Contact, birokrat: Company) -> Position:
    return add_position(
        context=acting(boss),
        contact_id=kos.pk,
        company_id=birokrat.pk,
        function="Prokurist",
        since_on=SPRING,
    )


class TestChanging:
    def test_an_end_is_noted(
        self, boss: User, kos: Contact, position: Position
    ) -> None:
        update_position(
            context=acting(boss),
            contact_id=kos.pk,
            position_id=position.pk,
            until_on=date(2026, 9, 30),
        )
        position.refresh_from_db()
        assert position.until_on == date(2026, 9, 30)
        (old, new) = list_changes("contact", kos.pk)[0].changes["position"]
        assert (old[3], new[3]) == ("", "2026-09-30")

    def test_what_is_unseen_is_not_found(
        self, maja: User, kos: Contact, position: Position
    ) -> None:
        for service in (update_position, remove_position, make_first):
            with pytest.raises(NotFound):
                service(
                    context=acting(maja), contact_id=kos.pk, position_id=position.pk
                )

    def test_a_mistake_is_taken_away(
        self, boss: User, kos: Contact, position: Position
    ) -> None:
        remove_position(
            context=acting(boss), contact_id=kos.pk, position_id=position.pk
        )
        assert not Position.objects.exists()
        assert list_changes("contact", kos.pk)[0].changes["position"][1] is None

    def test_the_first_company_changes_places(
        self,
        boss: User,
        kos: Contact,
        position: Position,
        alpina: Company,
        birokrat: Company,
    ) -> None:
        left = date(2026, 2, 28)
        make_first(
            context=acting(boss),
            contact_id=kos.pk,
            position_id=position.pk,
            left_on=left,
        )
        kos.refresh_from_db()
        assert (kos.company, kos.function, kos.since_on) == (
            birokrat,
            "Prokurist",
            SPRING,
        )
        (former,) = positions_of(actor_of(boss), kos.pk)
        assert (former.company, former.function, former.until_on) == (
            alpina,
            "Direktor",
            left,
        )

    def test_only_who_sees_both_moves_somebody(
        self, maja: User, kos: Contact, position: Position, birokrat: Company
    ) -> None:
        cilka = make_user("Cilka", scope=Scope.OWN)
        Company.objects.filter(pk=birokrat.pk).update(account_owner=cilka)
        with pytest.raises(NotAllowed):
            make_first(
                context=acting(cilka), contact_id=kos.pk, position_id=position.pk
            )


class TestWhoSeesWhat:
    @pytest.fixture
    def cilka(self, birokrat: Company) -> User:
        """Somebody who sees the further company only."""
        cilka = make_user("Cilka", scope=Scope.OWN)
        Company.objects.filter(pk=birokrat.pk).update(account_owner=cilka)
        return cilka

    def test_from_each_company_they_are_what_they_are_there(
        self, boss: User, alpina: Company, birokrat: Company, position: Position
    ) -> None:
        for company, function in ((alpina, "Direktor"), (birokrat, "Prokurist")):
            actor = actor_of(boss)
            filters = ContactFilters(company_id=company.pk)
            for found in (
                list_contacts(actor, filters).rows,
                contacts_of(actor, company.pk),
                contacts_of(actor, company.pk, q="eva"),
                people_at(company.pk, limit=5),
            ):
                (kos,) = found
                assert kos.function == function
            assert count_contacts(actor, filters, limit=9) == 1
        assert len(list_contacts(actor, ContactFilters()).rows) == 1

    def test_the_first_company_stays_unknown_to_who_does_not_see_it(
        self, cilka: User, position: Position, kos: Contact, alpina: Company
    ) -> None:
        actor = actor_of(cilka)
        found = [
            get_contact(actor, kos.pk),
            *list_contacts(actor, ContactFilters()).rows,
            *list_contacts(actor, ContactFilters(q="kos")).rows,
            *find_contacts(actor, "kos"),
            *find_contacts(actor, ""),
        ]
        assert len(found) == 5
        for contact in found:
            assert (contact.company.name, contact.function) == ("Birokrat", "Prokurist")
        assert count_contacts(actor, ContactFilters(), limit=9) == 1
        at_alpina = ContactFilters(company_id=alpina.pk)
        assert list_contacts(actor, at_alpina).rows == []
        assert count_contacts(actor, at_alpina, limit=9) == 0

    def test_the_further_company_stays_unknown_too(
        self, maja: User, position: Position, kos: Contact, birokrat: Company
    ) -> None:
        actor = actor_of(maja)
        assert positions_of(actor, kos.pk) == []
        assert get_contact(actor, kos.pk).company.name == "Alpina"
        filters = ContactFilters(company_id=birokrat.pk)
        assert list_contacts(actor, filters).rows == []
        assert count_contacts(actor, filters, limit=9) == 0

    def test_what_they_are_there_only_who_sees_it_changes(
        self, cilka: User, position: Position, kos: Contact
    ) -> None:
        context = acting(cilka)
        update_contact(context=context, contact_id=kos.pk, email="eva@kos.si")
        with pytest.raises(NotAllowed):
            update_contact(context=context, contact_id=kos.pk, function="Vratar")
        with pytest.raises(NotAllowed):
            delete_contact(context=context, contact_id=kos.pk)
        kos.refresh_from_db()
        assert (kos.email, kos.function) == ("eva@kos.si", "Direktor")


class TestMany:
    def test_a_form_offers_some_and_finds_the_rest(
        self, boss: User, alpina: Company
    ) -> None:
        Contact.objects.bulk_create(
            Contact(
                company=alpina,
                last_name=f"Kos{n:03}",
                name_key=f"kos{n:03}",
                name_folded=f"kos{n:03}",
                created_at=alpina.created_at,
            )
            for n in range(200)
        )
        actor = actor_of(boss)
        last = Contact.objects.get(last_name="Kos199")
        offered = contacts_of(actor, alpina.pk)
        assert [c.last_name for c in offered][:2] == ["Kos000", "Kos001"]
        assert len(offered) == 30
        assert contacts_of(actor, alpina.pk, ids=[last.pk])[0] == last
        assert contacts_of(actor, alpina.pk, q="kos199") == [last]

    def test_who_leaves_comes_last(self, alpina: Company) -> None:
        make_contact(alpina, last_name="Avsec", until_on=SPRING)
        make_contact(alpina, last_name="Zore")
        assert [c.last_name for c in people_at(alpina.pk, limit=9)] == [
            "Zore",
            "Avsec",
        ]
