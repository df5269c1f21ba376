"""Bulk loading: what it stores is what the services would have stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, acting, as_system, make_team, make_user
from veriga.activities.models import Activity, Chain, Counter, Entry, Link, Mark
from veriga.activities.queries.checking import find_differences
from veriga.activities.rules.words import KindCode, LinkReason, MarkKind, Outcome
from veriga.activities.services import Draft, create_activity
from veriga.common.errors import Invalid, NotAllowed, NotFound
from veriga.events.models import EventDetail
from veriga.parties.models import Company, Contact
from veriga.parties.services import create_company
from veriga.quotes.models import QuoteLine
from veriga.quotes.rules import LineValues
from veriga.setup.services import install_code_lists
from veriga.work.services.loading import (
    LoadedActivity,
    LoadedChain,
    LoadedEntry,
    LoadedLink,
    LoadedMark,
    large_load,
    load_chains,
)
from veriga.work.services.loading.parties import (
    COMPANY_COLUMNS,
    CONTACT_COLUMNS,
    LoadedCompany,
    load_companies,
)
from veriga.work.services.loading.writing import ACTIVITY_COLUMNS

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 3)
AT = datetime(2026, 2, 3, 8, 0, tzinfo=UTC)
LINE = LineValues(None, "Linija", 2_500, "kos", 199_000, 1_000, 2_200)


@pytest.fixture(autouse=True)
def code_lists(db):
    install_code_lists()


@pytest.fixture
def seller():
    return make_user("Maja Kovač", team=make_team())


@pytest.fixture
def company(seller):
    return create_company(context=acting(seller), name="Žaga Čadrg d.o.o.")


def event(seller, at=AT, **fields):
    return LoadedActivity(
        kind=KindCode.EVENT,
        title="Klic glede ponudbe",
        recorded_at=at,
        owner_id=seller.pk,
        type_code="call",
        starts_at=at,
        done_at=at,
        result="carried_out",
        **fields,
    )


def following(activity, position, **fields):
    link = LoadedLink(position, activity.recorded_at, LinkReason.MADE_ON)
    return replace(activity, follows=(link,), **fields)


def story(seller):
    """Return one chain with all four kinds, marks, entries and a branch."""
    task = LoadedActivity(
        kind=KindCode.TASK,
        title="Pripravi ponudbo",
        recorded_at=AT + timedelta(hours=1),
        owner_id=seller.pk,
        starts_on=DAY,
        due_on=DAY + timedelta(days=2),
    )
    record = LoadedActivity(
        kind=KindCode.PRODUCT_RECORD,
        title="Zanimanje",
        recorded_at=AT + timedelta(hours=2),
        owner_id=seller.pk,
        type_code="interest",
        recorded_on=DAY,
        follow_up_on=DAY + timedelta(days=90),
    )
    quote = LoadedActivity(
        kind=KindCode.QUOTE,
        title="Ponudba",
        recorded_at=AT + timedelta(hours=3),
        owner_id=seller.pk,
        issued_on=DAY,
        valid_until=DAY + timedelta(days=30),
        sent_at=AT + timedelta(hours=3),
        lines=(LINE,),
    )
    first = event(
        seller,
        marks=(LoadedMark(MarkKind.STAGE, AT, "first_contact"),),
        entries=(LoadedEntry(seller.pk, AT, "Prvi pogovor."),),
    )
    last = event(
        seller,
        AT + timedelta(days=1),
        marks=(LoadedMark(MarkKind.OUTCOME, AT + timedelta(days=1), Outcome.WON),),
    )
    return [
        first,
        following(task, 0),
        following(record, 0),
        following(quote, 1),
        following(last, 3),
    ]


def load(company, activities):
    return load_chains(
        context=as_system(), chains=[LoadedChain(company.pk, activities)]
    )


def test_check_finds_nothing_after_it(company, seller):
    assert load(company, story(seller)) == 5

    assert list(find_differences()) == []
    chain = Chain.objects.get()
    assert (chain.size, chain.events, chain.tasks) == (5, 2, 1)
    assert (chain.product_records, chain.quotes) == (1, 1)
    assert (chain.stage, chain.outcome) == ("first_contact", "won")
    assert chain.origin.title == "Klic glede ponudbe"
    assert Link.objects.count() == 4
    assert Mark.objects.count() == 2
    assert Entry.objects.get().text == "Prvi pogovor."
    assert QuoteLine.objects.get().net_minor == 4_478


def test_references_continue_the_counters_of_the_services(company, seller):
    context = acting(seller)
    draft = Draft(kind="event", company_id=company.pk, title="A", own={"starts_at": AT})
    before = create_activity(context=context, draft=draft)
    load(company, [event(seller)])
    after = create_activity(context=context, draft=draft)

    assert before.reference == "D-26-00001"
    assert after.reference == "D-26-00003"
    assert Activity.objects.filter(reference="D-26-00002").exists()
    assert list(find_differences()) == []


def test_references_follow_the_moment_of_recording_and_its_year(company, seller):
    # In Ljubljana the new year is there an hour before it is in UTC.
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    earlier = event(seller, new_year - timedelta(hours=1))
    activities = [
        event(seller, AT + timedelta(days=1)),
        following(event(seller, AT), 0),
        following(event(seller, new_year), 1),
        following(earlier, 2),
    ]
    load(company, activities)

    found = Activity.objects.order_by("recorded_at").values_list("reference", flat=True)
    assert list(found) == ["D-25-00001", "D-26-00001", "D-26-00002", "D-26-00003"]
    assert Counter.objects.get(year=2026).last == 3


def test_each_column_is_what_the_service_stores(company, seller):
    drafts = {
        "event": {"type": "visit", "starts_at": AT, "ends_at": AT + timedelta(hours=2)},
        "task": {"starts_on": DAY, "due_on": DAY + timedelta(days=2)},
        "product_record": {"type": "test", "recorded_on": DAY},
        "quote": {"issued_on": DAY, "sent_at": AT, "lines": [LINE_DRAFT]},
    }
    loaded = {
        "event": {"type_code": "visit", **drafts["event"], **DONE_AT_END},
        "task": drafts["task"],
        "product_record": {"type_code": "test", "recorded_on": DAY, **DONE_NOW},
        "quote": {"issued_on": DAY, "sent_at": AT, "lines": (LINE,)},
    }
    del loaded["event"]["type"]
    differing = {"id", "reference", "reference_key", "chain_id", "source"}
    for kind, own in drafts.items():
        draft = Draft(kind=kind, company_id=company.pk, title="Č naslov", own=own)
        made = create_activity(context=acting(seller), draft=draft)
        activity = LoadedActivity(
            KindCode(kind), "Č naslov", NOW, seller.pk, **loaded[kind]
        )
        load(company, [activity])
        twin = Activity.objects.latest("pk")
        made.refresh_from_db()
        for name in set(ACTIVITY_COLUMNS) - differing:
            assert getattr(twin, name) == getattr(made, name), (kind, name)


LINE_DRAFT = {
    "text": "Linija",
    "quantity": Decimal("2.5"),
    "unit": "kos",
    "unit_price": Decimal("19.90"),
    "discount_percent": Decimal(10),
    "vat_rate": Decimal(22),
}
DONE_AT_END = {"done_at": AT + timedelta(hours=2), "result": "carried_out"}
DONE_NOW = {"done_at": NOW, "result": "carried_out"}


def test_no_column_is_forgotten():
    for model, columns in (
        (Activity, ACTIVITY_COLUMNS),
        (Company, COMPANY_COLUMNS),
        (Contact, CONTACT_COLUMNS),
    ):
        fields = model._meta.concrete_fields
        stored = {f.column for f in fields}
        # The database itself fills what has a default there; what is loaded comes once.
        spared = {f.column for f in fields if f.has_db_default()} | {"series_id"}
        assert stored - spared <= set(columns) <= stored


def test_new_records_go_on_after_it(company, seller):
    load(company, story(seller))

    made = create_activity(
        context=acting(seller),
        draft=Draft(
            kind="task",
            company_id=company.pk,
            title="Naprej",
            follows=Activity.objects.earliest("pk").reference,
        ),
    )

    assert Chain.objects.get().size == 6
    assert made.reference == "N-26-00002"
    assert list(find_differences()) == []


class TestRefused:
    def refuse(self, company, activities, code):
        with pytest.raises(Invalid) as caught:
            load(company, activities)
        assert caught.value.code == code
        assert Activity.objects.count() == 0
        assert Counter.objects.count() == 0

    def test_an_activity_that_follows_nothing(self, company, seller):
        self.refuse(company, [event(seller), event(seller)], "not_linked")

    def test_one_that_follows_itself_or_a_later_one(self, company, seller):
        for position in (1, 2):
            later = following(event(seller), position)
            self.refuse(company, [event(seller), later], "circle")

    def test_a_result_without_an_end(self, company, seller):
        wrong = replace(event(seller), done_at=None)
        self.refuse(company, [wrong], "not_done")

    def test_a_result_of_another_kind(self, company, seller):
        wrong = replace(event(seller), result="accepted")
        self.refuse(company, [wrong], "wrong_result")

    def test_what_lies_in_the_future(self, company, seller):
        ahead = event(seller, NOW + timedelta(days=1))
        self.refuse(company, [ahead], "out_of_range")

    def test_an_end_before_the_start(self, company, seller):
        wrong = replace(event(seller), ends_at=AT - timedelta(hours=1))
        self.refuse(company, [wrong], "ends_before_start")

    def test_an_unknown_type(self, company, seller):
        wrong = replace(event(seller), type_code="teleport")
        self.refuse(company, [wrong], "unknown_choice")

    def test_a_title_that_is_too_long(self, company, seller):
        wrong = replace(event(seller), title="x" * 201)
        self.refuse(company, [wrong], "too_long")

    def test_an_owner_who_does_not_see_the_company(self, company):
        stranger = make_user(scope=Scope.OWN)
        self.refuse(company, [event(stranger)], "cannot_see_company")

    def test_an_unknown_company(self, company, seller):
        company.pk += 1000
        with pytest.raises(NotFound):
            load(company, [event(seller)])

    def test_who_is_no_administrator(self, company, seller):
        for role in (Role.SALES, Role.MANAGER, Role.READER):
            context = acting(make_user(role=role))
            with pytest.raises(NotAllowed):
                load_chains(context=context, chains=[])
            with pytest.raises(NotAllowed):
                load_companies(context=context, companies=[])


class TestCompanies:
    def test_company_and_contacts_are_as_services_make_them(self, seller):
        made = LoadedCompany(
            "Žito Šmarje d.o.o.",
            seller.pk,
            NOW,
            fields={"town": "Šmarje", "country": "SI", "prospect_type": "customer"},
            contacts=[{"first_name": "Špela", "last_name": "Čeh"}],
        )

        (stored,) = load_companies(context=as_system(), companies=[made])

        company = Company.objects.get(pk=stored.id)
        twin = create_company(
            context=acting(seller, NOW), name=made.name, **made.fields
        )
        for column in set(COMPANY_COLUMNS) - {"id"}:
            assert getattr(company, column) == getattr(twin, column), column
        contact = Contact.objects.get(pk=stored.contact_ids[0])
        assert (contact.company, contact.name) == (company, "Špela Čeh")
        assert contact.name_folded == "ceh spela"

    def test_bad_fields_are_refused(self, seller):
        for fields, code in (
            ({"country": "SLO"}, None),
            ({"prospect_type": "pirate"}, "unknown_choice"),
        ):
            with pytest.raises(Invalid) as caught:
                load_companies(
                    context=as_system(),
                    companies=[LoadedCompany("A", seller.pk, NOW, fields=fields)],
                )
            assert code in {None, caught.value.code}
        assert not Company.objects.exists()


def indexes():
    """Return every index and constraint of the loaded tables, by name."""
    found = {}
    with connection.cursor() as cursor:
        for model in (Activity, Link, Chain, EventDetail, QuoteLine):
            table = model._meta.db_table
            constraints = connection.introspection.get_constraints(cursor, table)
            for name, what in constraints.items():
                found[table, name] = (
                    what["columns"],
                    what["unique"],
                    what.get("orders"),
                )
    return found


class TestLargeLoads:
    def test_indexes_and_keys_are_there_again(self, company, seller):
        before = indexes()
        with large_load(1_000):
            during = indexes()
            load(company, story(seller))

        assert set(during) < set(before)
        assert indexes() == before
        assert list(find_differences()) == []

    def test_more_on_top_of_much_keeps_them(self, company, seller):
        load(company, story(seller))
        before = indexes()
        with large_load(2):
            assert indexes() == before

    @pytest.mark.django_db(transaction=True)
    def test_a_failure_leaves_all_as_it_was(self, company, seller):
        before = indexes()
        with pytest.raises(Invalid), large_load(1_000):
            load(company, story(seller))
            load(company, [event(seller, NOW + timedelta(days=2))])

        assert indexes() == before
        assert not Activity.objects.exists()
