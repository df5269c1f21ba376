"""One command for many companies or contacts: previewed, done, undone as a whole."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.services import deactivate_user
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.queries.checking import find_differences
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.history.models import Record
from veriga.parties.models import Company, Contact
from veriga.parties.queries import categories_of
from veriga.parties.services import add_position, share_company, update_contact
from veriga.parties.tests.factories import make_company, make_contact, make_own_firm
from veriga.setup.models import CompanyCategory, LifeCycle
from veriga.setup.queries import forget_code_lists
from veriga.setup.services import install_code_lists
from veriga.work.models import Batch
from veriga.work.queries.bulk import Chosen
from veriga.work.queries.party_bulk import PartyCommand, plan_companies, plan_contacts
from veriga.work.rules.bulk import MOST
from veriga.work.rules.party_bulk import CompanyAction, ContactAction
from veriga.work.services.bulk import Outcome, undo_command
from veriga.work.services.companies import update_company
from veriga.work.services.party_bulk import run_for_companies, run_for_contacts

WHOLE = {
    **{"kind": "legal_entity", "street": "Obrtna 3", "postcode": "4000"},
    **{"town": "Kranj", "tax_number": "SI12345678"},
}


@pytest.fixture
def maja(db) -> User:
    install_code_lists()
    for position, code in enumerate(("packing", "food"), 1):
        CompanyCategory.objects.create(
            code=code, name_sl=code, name_en=code, position=position
        )
    forget_code_lists()
    return make_user("Maja Kovač", team=make_team("Sever"), scope=Scope.OWN)


@pytest.fixture
def rok(maja: User) -> User:
    return make_user("Rok Zupan", team=make_team("Jug"), scope=Scope.OWN)


@pytest.fixture
def boss(maja: User) -> User:
    return make_user("Vodja", role=Role.MANAGER, scope=Scope.ALL)


@pytest.fixture
def companies(maja: User) -> list[Company]:
    return [make_company(f"Stranka {n}", owner=maja, **WHOLE) for n in range(3)]


def of(*rows: Company | Contact) -> list[Chosen]:
    return [Chosen(str(row.pk), row.row_version) for row in rows]


def run(user: User, rows: list[Company], action: CompanyAction, value: object = None):
    return run_for_companies(
        context=acting(user),
        chosen=of(*rows),
        command=PartyCommand(action, value),  # type: ignore[arg-type]
    )


def run_people(user: User, rows: list[Contact], action: ContactAction, value: object):
    return run_for_contacts(
        context=acting(user),
        chosen=of(*rows),
        command=PartyCommand(action, value),  # type: ignore[arg-type]
    )


def undo(user: User, outcome: Outcome) -> Outcome:
    assert outcome.batch is not None
    return undo_command(context=acting(user), batch_id=outcome.batch.pk)


def codes(outcome: Outcome) -> dict[str, str]:
    return {left.title: left.why.code for left in outcome.left}


def again(*rows: Company) -> list[Company]:
    found = Company.objects.in_bulk([row.pk for row in rows])
    return [found[row.pk] for row in rows]


class TestGivingAway:
    def test_owner_team_and_activities_follow_and_undo_gives_all_back(
        self, maja, rok, companies
    ):
        one = make_activity(maja, companies[0], "task")
        done = run(maja, companies, CompanyAction.OWNER, rok.pk)
        assert (done.number, done.left) == (3, [])
        for company in again(*companies):
            assert company.account_owner_id == rok.pk
            assert company.team_id == rok.team_id
        assert Activity.objects.get(pk=one.pk).company_owner_id == rok.pk
        assert Record.objects.filter(subject="company", action="update").count() == 3
        # She sees none of them any more, and takes her own command back all the same.
        assert not plan_companies(
            actor_of(maja), of(*companies), PartyCommand(CompanyAction.ABC, "A")
        ).fit
        back = undo(maja, done)
        assert (back.number, back.left) == (3, [])
        for company in again(*companies):
            assert company.account_owner_id == maja.pk
            assert company.team_id == maja.team_id
        assert Activity.objects.get(pk=one.pk).company_owner_id == maja.pk
        assert not list(find_differences())

    def test_only_the_account_owner_or_a_manager_may(self, maja, rok, boss, companies):
        foreign = make_company("Tuja", owner=rok)
        share_company(context=acting(boss), company_id=foreign.pk, user_id=maja.pk)
        hidden = make_company("Skrita", owner=rok)
        done = run(maja, [*companies, foreign, hidden], CompanyAction.OWNER, boss.pk)
        assert done.number == 3
        assert codes(done) == {"Tuja": "not_allowed", "": "not_found"}
        assert run(boss, again(foreign, hidden), CompanyAction.OWNER, maja.pk).number

    def test_what_one_will_not_see_any_more_is_counted(
        self, maja, rok, boss, companies
    ):
        share_company(context=acting(boss), company_id=companies[0].pk, user_id=maja.pk)

        def unseen(user: User, owner: User) -> int:
            plan = plan_companies(
                actor_of(user),
                of(*again(*companies)),
                PartyCommand(CompanyAction.OWNER, owner.pk),
            )
            assert len(plan.fit) == 3
            return plan.unseen

        assert unseen(maja, rok) == 2
        assert unseen(boss, rok) == 0
        maja.scope = Scope.TEAM
        maja.save()
        assert unseen(maja, rok) == 2
        assert unseen(maja, make_user("Sodelavka", team=maja.team)) == 0

    def test_the_own_firm_is_a_managers_alone(self, maja, boss):
        firm = make_own_firm()
        assert codes(run(maja, [firm], CompanyAction.OWNER, maja.pk)) == {
            "Interno": "not_allowed"
        }
        assert run(boss, [firm], CompanyAction.OWNER, maja.pk).number == 1

    def test_a_natural_person_goes_to_nobody_who_may_not_see_them(
        self, maja, rok, boss
    ):
        User.objects.filter(pk=boss.pk).update(may_see_persons=True)
        boss.refresh_from_db()
        person = make_company("Ana Novak", owner=boss, kind="natural_person")
        done = run(boss, [person], CompanyAction.OWNER, rok.pk)
        assert codes(done) == {"Ana Novak": "may_not_see_persons"}

    def test_undo_gives_them_back_to_who_has_left_since(
        self, maja, rok, boss, companies
    ):
        done = run(boss, companies, CompanyAction.OWNER, rok.pk)
        admin = acting(make_user(role=Role.ADMINISTRATOR))
        deactivate_user(context=admin, user_id=maja.pk)
        assert undo(boss, done).number == 3
        assert {c.account_owner_id for c in again(*companies)} == {maja.pk}

    @pytest.mark.parametrize("value", [None, "", "nihče@primer.si", 999_999, "x"])
    def test_a_wrong_owner_is_told(self, maja, companies, value):
        with pytest.raises(Invalid) as error:
            run(maja, companies, CompanyAction.OWNER, value)
        assert error.value.errors[0].field == "value"
        assert not Batch.objects.exists()

    def test_nobody_gets_them_who_has_left(self, maja, rok, companies):
        admin = acting(make_user(role=Role.ADMINISTRATOR))
        deactivate_user(context=admin, user_id=rok.pk)
        with pytest.raises(Invalid, match="inactive_user"):
            run(maja, companies, CompanyAction.OWNER, rok.email)


class TestStatus:
    def test_what_is_complete_becomes_active_and_a_prospect_again(
        self, boss, companies
    ):
        bare = make_company("Prazna", owner=boss, kind="legal_entity", town="Kranj")
        done = run(boss, [*companies, bare], CompanyAction.STATUS, "active")
        assert done.number == 3
        why = done.left[0].why
        assert isinstance(why, Invalid)
        assert {e.field for e in why.errors} == {"street", "postcode", "tax_number"}
        assert codes(
            run(boss, again(companies[0]), CompanyAction.STATUS, "active")
        ) == {"Stranka 0": "so_already"}
        assert undo(boss, done).number == 3
        assert {c.status for c in again(*companies)} == {"prospect"}

    def test_it_takes_the_right(self, maja, companies):
        done = run(maja, companies, CompanyAction.STATUS, "active")
        assert set(codes(done).values()) == {"not_allowed"}
        User.objects.filter(pk=maja.pk).update(may_activate=True)
        maja.refresh_from_db()
        assert run(maja, companies, CompanyAction.STATUS, "active").number == 3
        done = run(maja, again(*companies), CompanyAction.STATUS, "prospect")
        assert set(codes(done).values()) == {"not_allowed"}

    def test_a_manager_makes_prospects_of_them(self, boss, maja):
        active = make_company("Bivša", owner=maja, status="active")
        done = run(boss, [active], CompanyAction.STATUS, "prospect")
        assert done.number == 1
        undo(boss, done)
        assert again(active)[0].status == "active"

    @pytest.mark.parametrize("value", ["", "retired", None])
    def test_an_unknown_one_is_told(self, boss, companies, value):
        with pytest.raises(Invalid):
            run(boss, companies, CompanyAction.STATUS, value)


class TestCategoriesAndMarks:
    def test_a_category_is_added_beside_others_and_taken_away_again(
        self, maja, companies
    ):
        update_company(
            context=acting(maja), company_id=companies[0].pk, categories=["food"]
        )
        one, two, three = again(*companies)
        done = run(maja, [one, two, three], CompanyAction.ADD_CATEGORY, "packing")
        assert done.number == 3
        ids = [c.pk for c in companies]
        assert categories_of(ids)[one.pk] == ["packing", "food"]
        assert codes(run(maja, again(two), CompanyAction.ADD_CATEGORY, "packing")) == {
            "Stranka 1": "so_already"
        }
        dropped = run(maja, again(one, two), CompanyAction.DROP_CATEGORY, "packing")
        assert dropped.number == 2
        assert categories_of(ids) == {one.pk: ["food"], three.pk: ["packing"]}
        assert undo(maja, dropped).number == 2
        assert categories_of(ids)[two.pk] == ["packing"]

    def test_a_retired_one_can_be_taken_away_but_not_added(self, maja, companies):
        run(maja, companies[:1], CompanyAction.ADD_CATEGORY, "food")
        CompanyCategory.objects.filter(pk="food").update(life_cycle=LifeCycle.OFF)
        forget_code_lists()
        with pytest.raises(Invalid, match="not_offered"):
            run(maja, companies[1:], CompanyAction.ADD_CATEGORY, "food")
        done = run(maja, again(companies[0]), CompanyAction.DROP_CATEGORY, "food")
        assert done.number == 1
        assert undo(maja, done).number == 1
        with pytest.raises(Invalid, match="unknown_choice"):
            run(maja, companies, CompanyAction.DROP_CATEGORY, "kar")

    def test_a_mark_is_set_and_taken_away(self, maja, companies):
        done = run(maja, companies, CompanyAction.ABC, "A")
        assert {c.abc for c in again(*companies)} == {"A"}
        assert run(maja, again(*companies), CompanyAction.ABC, "").number == 3
        with pytest.raises(Conflict, match="undo_conflict"):
            undo(maja, done)  # somebody has saved them since
        with pytest.raises(Invalid, match="unknown_choice"):
            run(maja, companies, CompanyAction.ABC, "D")


class TestTogether:
    def test_what_was_changed_since_it_was_seen_stays(self, maja, companies):
        update_company(context=acting(maja), company_id=companies[1].pk, town="Bled")
        done = run(maja, companies, CompanyAction.ABC, "B")
        assert done.number == 2
        assert codes(done) == {"Stranka 1": "changed_since"}

    def test_what_was_changed_after_it_stays_when_undone(self, maja, companies):
        done = run(maja, companies, CompanyAction.ABC, "B")
        update_company(context=acting(maja), company_id=companies[1].pk, town="Bled")
        back = undo(maja, done)
        assert back.number == 2
        assert [left.why.code for left in back.left] == ["changed_since"]
        assert [c.abc for c in again(*companies)] == ["", "B", ""]
        with pytest.raises(Conflict, match="already_undone"):
            undo(maja, done)

    def test_only_its_maker_undoes_it_and_not_for_ever(self, maja, boss, companies):
        done = run(maja, companies, CompanyAction.ABC, "B")
        with pytest.raises(NotFound):
            undo(boss, done)
        Batch.objects.update(made_at=NOW - timedelta(days=31))
        with pytest.raises(Conflict, match="undo_too_late"):
            undo(maja, done)

    def test_who_has_become_a_reader_undoes_nothing(self, maja, companies):
        done = run(maja, companies, CompanyAction.ABC, "B")
        User.objects.filter(pk=maja.pk).update(role=Role.READER)
        maja.refresh_from_db()
        with pytest.raises(Conflict, match="undo_conflict"):
            undo(maja, done)

    def test_a_reader_does_nothing(self, companies):
        reader = make_user("Bralka", role=Role.READER, scope=Scope.ALL)
        with pytest.raises(NotAllowed):
            run(reader, companies, CompanyAction.ABC, "A")
        with pytest.raises(NotAllowed):
            run_people(reader, [], ContactAction.FUNCTION, "x")

    def test_none_and_too_many_are_refused(self, maja):
        with pytest.raises(Invalid, match="nothing_chosen"):
            run(maja, [], CompanyAction.ABC, "A")
        many = [Chosen(str(n)) for n in range(MOST + 1)]
        with pytest.raises(Invalid, match="too_many_rows"):
            plan_companies(actor_of(maja), many, PartyCommand(CompanyAction.ABC, "A"))

    @pytest.mark.parametrize(
        "reference", ["", "x", "-1", "0", "9" * 18, "9" * 40, "1.5", "²", "D-26-00001"]
    )
    def test_what_is_no_id_is_not_found(self, maja, companies, reference):
        done = run_for_companies(
            context=acting(maja),
            chosen=[Chosen(reference), *of(companies[0])],
            command=PartyCommand(CompanyAction.ABC, "C"),
        )
        assert done.number == 1
        assert [left.why.code for left in done.left] == ["not_found"]

    def test_a_preview_is_a_handful_of_statements(self, maja, boss, companies):
        def statements(user: User, rows: list[Company], action, value) -> int:
            with CaptureQueriesContext(connection) as found:
                plan = plan_companies(
                    actor_of(user), of(*rows), PartyCommand(action, value)
                )
            assert len(plan.fit) == len(rows)
            return len(found)

        many = companies + [make_company(owner=maja, **WHOLE) for _ in range(40)]
        for action, value in (
            (CompanyAction.OWNER, boss.pk),
            (CompanyAction.ADD_CATEGORY, "food"),
            (CompanyAction.ABC, "A"),
            (CompanyAction.STATUS, "active"),
        ):
            user = boss if action == CompanyAction.STATUS else maja
            statements(user, companies, action, value)  # fills what is kept
            few = statements(user, companies, action, value)
            assert statements(user, many, action, value) == few <= 4


@pytest.fixture
def people(maja, companies) -> list[Contact]:
    return [
        make_contact(company, last_name=f"Novak {n}", function="Nabava")
        for n, company in enumerate(companies)
    ]


class TestContacts:
    def test_they_have_left_and_undo_brings_them_back(self, maja, people):
        day = date(2026, 11, 20)
        done = run_people(maja, people, ContactAction.LEFT, day)
        assert done.number == 3
        assert {c.until_on for c in Contact.objects.all()} == {day}
        assert Record.objects.filter(subject="contact", action="update").count() == 3
        assert undo(maja, done).number == 3
        assert {c.until_on for c in Contact.objects.all()} == {None}

    def test_undo_gives_back_the_day_that_was_there(self, maja, people):
        update_contact(
            context=acting(maja), contact_id=people[0].pk, until_on=date(2027, 1, 1)
        )
        one = Contact.objects.get(pk=people[0].pk)
        done = run_people(maja, [one], ContactAction.LEFT, date(2026, 11, 20))
        undo(maja, done)
        assert Contact.objects.get(pk=one.pk).until_on == date(2027, 1, 1)

    def test_nobody_leaves_before_they_came(self, maja, people):
        Contact.objects.filter(pk=people[0].pk).update(since_on=date(2026, 12, 1))
        done = run_people(maja, people, ContactAction.LEFT, date(2026, 11, 20))
        assert done.number == 2
        assert codes(done) == {"Maja Novak 0": "until_before_since"}

    def test_a_function_is_given_to_all(self, maja, people):
        done = run_people(maja, people, ContactAction.FUNCTION, "  Vodja  nabave ")
        assert {c.function for c in Contact.objects.all()} == {"Vodja nabave"}
        undo(maja, done)
        assert {c.function for c in Contact.objects.all()} == {"Nabava"}

    @pytest.mark.parametrize(
        ("action", "value"),
        [
            (ContactAction.LEFT, None),
            (ContactAction.LEFT, "jutri"),
            (ContactAction.FUNCTION, " "),
            (ContactAction.FUNCTION, "x" * 81),
            (ContactAction.FUNCTION, "a\x00b"),
        ],
    )
    def test_a_wrong_value_is_told(self, maja, people, action, value):
        with pytest.raises(Invalid) as error:
            run_people(maja, people, action, value)
        assert error.value.errors[0].field == "value"

    def test_a_draft_is_no_error(self, maja, people):
        for action in ContactAction:
            plan = plan_contacts(
                actor_of(maja), of(*people), PartyCommand(action), is_draft=True
            )
            assert len(plan.fit) == 3

    def test_of_whom_one_sees_a_further_company_only_nothing_changes(
        self, maja, rok, boss, companies
    ):
        theirs = make_contact(make_company("Tuja", owner=rok), last_name="Kos")
        add_position(
            context=acting(boss), contact_id=theirs.pk, company_id=companies[0].pk
        )
        theirs.refresh_from_db()
        done = run_people(maja, [theirs], ContactAction.FUNCTION, "Direktor")
        assert codes(done) == {"Maja Kos": "not_allowed"}
        hidden = make_contact(make_company("Skrita", owner=rok))
        done = run_people(maja, [hidden], ContactAction.FUNCTION, "Direktor")
        assert codes(done) == {"": "not_found"}

    def test_a_preview_is_a_handful_of_statements(self, maja, companies, people):
        many = people + [make_contact(companies[0]) for _ in range(40)]

        def statements(rows: list[Contact]) -> int:
            with CaptureQueriesContext(connection) as found:
                plan = plan_contacts(
                    actor_of(maja),
                    of(*rows),
                    PartyCommand(ContactAction.LEFT, NOW.date()),
                )
            assert len(plan.fit) == len(rows)
            return len(found)

        assert statements(many) == statements(people) <= 2


@pytest.mark.django_db(transaction=True)
class TestTwoPeople:
    """Overlapping sets in opposite orders: each waits, nothing is lost."""

    @pytest.mark.parametrize("what", ["companies", "contacts"])
    def test_each_does_all_of_it(self, what):
        install_code_lists()
        forget_code_lists()
        users = [
            make_user(name, role=Role.MANAGER, scope=Scope.ALL)
            for name in ("Maja Kovač", "Rok Zupan")
        ]
        rows = [make_company(f"Podjetje {n}", owner=users[0]) for n in range(12)]
        if what == "contacts":
            people = [make_contact(company) for company in rows]
        ids = [row.pk for row in (rows if what == "companies" else people)]
        start = threading.Barrier(2)
        outcomes: list[Outcome] = []
        broken: list[BaseException] = []

        def work(user: User, order: list[int], command: PartyCommand) -> None:
            do = run_for_companies if what == "companies" else run_for_contacts
            try:
                start.wait(timeout=30)
                chosen = [Chosen(str(pk)) for pk in order]
                outcomes.append(
                    do(context=acting(user), chosen=chosen, command=command)
                )
            except BaseException as error:  # noqa: BLE001  # the test reports it
                broken.append(error)
            finally:
                connections.close_all()

        commands = (
            (PartyCommand(CompanyAction.ABC, "A"), PartyCommand(CompanyAction.ABC, "B"))
            if what == "companies"
            else (
                PartyCommand(ContactAction.FUNCTION, "Nabava"),
                PartyCommand(ContactAction.LEFT, date(2026, 11, 20)),
            )
        )
        threads = [
            threading.Thread(target=work, args=(users[0], ids, commands[0])),
            threading.Thread(target=work, args=(users[1], ids[::-1], commands[1])),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert not broken
        assert [outcome.number for outcome in outcomes] == [12, 12]
        model = Company if what == "companies" else Contact
        versions = model.objects.filter(pk__in=ids).values_list(
            "row_version", flat=True
        )
        assert set(versions) == {3}
        if what == "companies":
            assert len(set(Company.objects.values_list("abc", flat=True))) == 1
