"""Loading event logs: what is stored, that nothing is on a fault, and repeating it."""

from __future__ import annotations

import csv
import gzip
import io

import pytest
from tests.support.event_logs import event_log

from veriga.access.models import Team, User
from veriga.access.rules import Context, Source, system
from veriga.access.tests.factories import NOW, acting, make_user
from veriga.activities.models import Activity, Chain, Link
from veriga.activities.queries.checking import find_differences
from veriga.activities.services import delete_activity
from veriga.catalogue.models import Product
from veriga.common.errors import NotAllowed
from veriga.parties.models import Company
from veriga.setup.models import EventType
from veriga.setup.services import install_code_lists
from veriga.transfer.rules.cases import read_log
from veriga.transfer.rules.faults import FileFault
from veriga.transfer.rules.reading_mapping import read_mapping
from veriga.transfer.tests.factories import LOG, MAPPING, written
from veriga.work.queries.texts import find_differences as find_differing_words
from veriga.work.services import event_logs
from veriga.work.services.event_logs import import_event_log

pytestmark = pytest.mark.django_db
CONTEXT = Context(system("import"), NOW, Source.IMPORT)


@pytest.fixture(autouse=True)
def code_lists(db):
    install_code_lists()


@pytest.fixture
def bring(tmp_path):
    def bring(text=LOG, mapping=MAPPING, context=CONTEXT):
        found = read_mapping(str(written(tmp_path, mapping, "map.toml")))
        log = read_log(written(tmp_path, text), found, NOW)
        return import_event_log(context=context, mapping=found, log=log)

    return bring


def counts():
    models = (Activity, Chain, Link, Company, User, Team, EventType, Product)
    return {model.__name__: model._default_manager.count() for model in models}


def test_cases_become_chains(bring):
    done = bring()

    assert (done.cases, done.activities, done.companies) == (3, 7, 2)
    assert (done.people, done.types, done.known_cases) == (3, 1, 0)
    assert [*find_differences(), *find_differing_words()] == []
    won = Chain.objects.get(outcome="won")
    assert (won.size, won.events, won.tasks, won.quotes) == (4, 2, 1, 1)
    assert won.origin.title == "ask"
    assert won.company.name == "Stranka A"
    members = Activity.objects.filter(chain=won).order_by("id")
    assert [one.title for one in members] == ["ask", "note of a call", "offer", "order"]
    assert [one.direction for one in members] == ["in", "internal", "out", "in"]
    assert [one.source_reference for one in members] == [
        f"tickets:1#{number}" for number in (1, 4, 3, 5)
    ]
    links = Link.objects.filter(follow_up__chain=won).order_by("follow_up_id")
    ids = [one.pk for one in members]
    assert [(link.follow_up_id, link.stimulus_id) for link in links] == list(
        zip(ids[1:], ids[:-1], strict=True)
    )
    assert {link.reason for link in links} == {"import"}
    quote = members[2]
    assert (quote.amount_minor, quote.result) == (120_050, "accepted")
    assert EventType.objects.get(code="order").name_en == "Order"
    assert set(Chain.objects.values_list("outcome", flat=True)) == {
        "won", "lost", "open",
    }  # fmt: skip


def test_people_of_the_log_cannot_sign_in(bring):
    bring()
    people = User.objects.filter(team__name="Tickets")
    assert {one.name for one in people} == {"Ana", "Bo", "Tickets"}
    assert not any(one.is_active or one.has_usable_password() for one in people)
    assert all(one.email.endswith("@tickets.invalid") for one in people)


def test_repeating_it_changes_nothing(bring):
    bring()
    before = counts()
    again = bring()
    assert (again.cases, again.known_cases) == (0, 3)
    assert counts() == before


def test_a_longer_log_adds_its_new_cases_to_the_same_companies_and_people(bring):
    bring()
    done = bring(LOG + "5,ask,2026-02-03 09:00,Bo,B,\n5,order,2026-02-04 09:00,Cy,B,\n")
    assert (done.cases, done.companies, done.people, done.known_cases) == (1, 0, 1, 3)
    assert Company.objects.count() == 2
    assert list(find_differences()) == []
    assert not User.objects.filter(team__name="Tickets", is_active=True).exists()


def test_what_was_deleted_does_not_come_back(bring):
    bring()
    administrator = make_user(role="administrator")
    third = Activity.objects.get(source_reference="tickets:3#1")
    delete_activity(context=acting(administrator), reference=third.reference)
    assert bring().cases == 0


def test_products_become_products_of_the_catalogue(bring):
    mapping = MAPPING.replace('amount = "amount"', 'product = "amount"')
    bring(LOG, mapping)
    product = Product.objects.get()
    assert (product.code, product.name) == ("tickets:1200.50", "1200.50")
    assert Activity.objects.get(product=product).title == "offer"


def test_product_records_and_their_types(bring):
    old = 'match = "noise"\nkind = "skip"'
    assert old in MAPPING
    new = """
        match = "noise"
        kind = "product_record"
        type = "leaflet"
        type_sl = "Letak"
        type_en = "Leaflet"
        title = "Poslan letak"
    """
    done = bring(LOG, MAPPING.replace(old, new))
    assert (done.cases, done.activities, done.types) == (4, 9, 2)
    records = Activity.objects.filter(kind="product_record", title="Poslan letak")
    assert {(one.type_code, one.result) for one in records} == {
        ("leaflet", "carried_out")
    }
    assert list(find_differences()) == []


def test_long_product_names_are_told_apart(bring):
    mapping = MAPPING.replace('amount = "amount"', 'product = "amount"')
    text = LOG.replace("1200.50", "x" * 60 + "1")
    bring(text + f"5,offer,2026-02-03 09:00,Bo,B,{'x' * 60}2\n", mapping)
    assert {len(code) for code in Product.objects.values_list("code", flat=True)} == {
        40
    }
    assert Product.objects.count() == 2


def test_a_case_number_may_be_a_uuid(bring):
    long = "0b8f6e5c-6d0e-4f43-9d8c-1d3f5a1c2b3d"
    mapping = MAPPING.replace('"tickets"', '"a-long-log-name1"')
    text = LOG.replace("\n1,", f"\n{long},")
    bring(text, mapping)
    assert bring(text, mapping).known_cases == 3
    one = Activity.objects.filter(source_reference__contains=long)
    assert one.count() == 4


def test_a_type_that_nobody_knows_is_refused_and_nothing_changes(bring):
    mapping = MAPPING.replace('type = "enquiry"', 'type = "enquired"')
    before = counts()
    with pytest.raises(FileFault, match='match = "ask": type "enquired" is not there'):
        bring(LOG, mapping)
    assert counts() == before


def test_a_fault_in_the_middle_takes_everything_back(bring, monkeypatch):
    before = counts()
    monkeypatch.setattr(event_logs, "BATCH", 1)
    real, calls = event_logs.load_chains, []

    def failing(**given):
        calls.append(given)
        if len(calls) == 3:
            raise NotAllowed
        return real(**given)

    monkeypatch.setattr(event_logs, "load_chains", failing)
    with pytest.raises(NotAllowed):
        bring()
    assert len(calls) == 3
    assert counts() == before
    assert list(find_differences()) == []


def test_only_administrators_may(bring):
    with pytest.raises(NotAllowed):
        bring(context=acting(make_user()))


@pytest.mark.parametrize(
    ("name", "file", "case"),
    [
        ("bpi2012", "bpi2012/bpi2012_events.csv.gz", "case_id"),
        ("bpi2017", "bpi2017/events_sample.csv.gz", "case_id"),
        ("helpdesk_customers", "helpdesk_customers/helpdesk_events.csv.gz", "ticket"),
    ],
)
def test_check_finds_nothing_after_a_slice_of_a_public_log(name, file, case, tmp_path):
    with gzip.open(event_log(file), "rt") as whole:
        rows = list(csv.DictReader(whole))
    chosen = set(sorted({row[case] for row in rows})[:40])
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(row for row in rows if row[case] in chosen)
    mapping = read_mapping(name)
    log = read_log(written(tmp_path, text.getvalue()), mapping, NOW)
    done = import_event_log(context=CONTEXT, mapping=mapping, log=log)
    assert done.cases == 40
    assert [*find_differences(), *find_differing_words()] == []
    assert Chain.objects.filter(outcome="open").count() < 40
