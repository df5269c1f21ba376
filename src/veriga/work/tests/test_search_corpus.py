"""What is found in a small corpus: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.catalogue.tests.factories import make_product
from veriga.common.announcing import announce
from veriga.common.kept import forget_all
from veriga.documents.models import Attachment
from veriga.events.services import create_gathering
from veriga.parties.services import create_company, create_contact
from veriga.setup.services import install_code_lists
from veriga.work.queries import counting
from veriga.work.queries.results import list_results
from veriga.work.queries.search import Found, search

pytestmark = pytest.mark.django_db

TITLES = {
    "obisk": ("event", "Obisk pri stranki", "Dogovorili smo se za vzorec betona."),
    "obiski": ("event", "Načrt obiskov v marcu", ""),
    "sestanek": ("event", "Sestanek o ponudbah", "Šef želi rok dobave: 14 dni."),
    "vzorci": ("task", "Pošlji vzorce tesnil", ""),
    "zapis": ("product_record", "Preizkus vzorca tesnila", "Tesni pri 8 barih."),
    "ponudba": ("quote", "Ponudba za črpalke", "Telefon vodje: 041 234 567."),
    "visit": ("event", "Visit to the fair", "They asked for two samples of seals."),
    "offer": ("quote", "Offer for pumps", "Payment within 30 days."),
}


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team())


@pytest.fixture
def corpus(maja: User) -> dict[str, Activity]:
    install_code_lists()
    context = acting(maja)
    company = create_company(
        context=context,
        name="Kovinarstvo Žagar, d. o. o.",
        phone="01 345 67 89",
        tax_number="SI15012557",
        email="info@zagar.si",
        website="www.kovine-zagar.si",
    )
    create_company(context=context, name="Adriatic Pumps Ltd")
    create_contact(
        context=context,
        company_id=company.pk,
        first_name="Špela",
        last_name="Čuček",
        mobile="+386 40 765 432",
        email="spela.cucek@zagar.si",
    )
    create_gathering(
        context=context,
        values={
            "title": "Dan odprtih vrat",
            "starts_at": NOW,
            "place": "Gospodarsko razstavišče",
            "text": "Pokazali bomo linijo za pakiranje, tel. 059 123 456.",
        },
    )
    make_product("Zračni kompresor", code="ZK-120/B")
    made = {}
    for number, (name, (kind, title, text)) in enumerate(TITLES.items()):
        days = {"days_ago": number + 1} if kind == "event" else {}
        own = {"starts_on": NOW.date()} if kind == "task" else {}
        made[name] = make_activity(
            maja, company, kind, title=title, text=text, **days, **own
        )
    return made


def names_of(found: Found, corpus: dict[str, Activity]) -> set[str]:
    """Return the activities that were found, by their names in the corpus."""
    ids = {row.id for row in found.activities} | {one.row.id for one in found.texts}
    return {name for name, one in corpus.items() if one.pk in ids}


def look(user: User, q: str) -> Found:
    return search(actor_of(user), q, now=NOW)


ACTIVITIES: list[tuple[str, set[str]]] = [
    # Endings, case and accents do not matter.
    *((q, {"obisk", "obiski"}) for q in ("obisk", "obiska", "OBISKOV", "obiski")),
    *((q, {"ponudba", "sestanek"}) for q in ("ponudba", "ponudb", "ponudbami")),
    *((q, {"obisk", "vzorci", "zapis"}) for q in ("vzorec", "vzorcev", "vzorcem")),
    *((q, {"obisk"}) for q in ("stranka", "strank", "STRANKO")),
    *((q, {"sestanek"}) for q in ("sestanka", "sestankov", "sef", "ŠEF")),
    *((q, {"ponudba"}) for q in ("crpalka", "črpalk", "Črpalkami")),
    *((q, {"visit"}) for q in ("sample", "samples", "seal", "fairs")),
    # The beginning of a word, as somebody types; on the way to "vzorec" too.
    *((q, {"obisk", "vzorci", "zapis"}) for q in ("vzo", "vzor")),
    ("vzore", {"obisk"}),
    *((q, {"sestanek"}) for q in ("ses", "sesta", "sestane")),
    # All words must be there, in whatever order, in title or text.
    ("vzorci tesnilo", {"vzorci", "zapis"}),
    ("dobava sestanek", {"sestanek"}),
    ("sestanek vzorec", set()),
    # The company's name counts, its legal form does not.
    ("zagar ponudba", {"ponudba", "sestanek"}),
    ("žagar obis", {"obisk", "obiski"}),
    ("adriatic obisk", set()),
    # A number in any writing.
    *((q, {"ponudba"}) for q in ("041 234 567", "041/234-567", "+386 41 234 567")),
    *((q, {"ponudba"}) for q in ("0038641234567", "41 234 5", "(041) 234567")),
    # One slip is forgiven, two are not, in numbers none.
    *((q, {"obisk", "obiski"}) for q in ("obsik", "bisk", "oibsk", "obiskk")),
    *((q, {"ponudba"}) for q in ("crpaljka", "crplka", "črpakle")),
    ("setsanke", {"sestanek"}),
    ("setsnake", set()),
    ("zagra pomudba", {"ponudba", "sestanek"}),
    ("041 234 568", set()),
    ("obi sk", set()),
    # Different words stay different.
    *((q, set()) for q in ("obiskovanje", "ponovitev", "vzorcenje", "pošiljka")),
]
NAMES: list[tuple[str, int, int]] = [  # companies and contacts that are found
    *((q, 1, 0) for q in ("kovinarstvo", "KOVINARSTVA", "zagar kov", "kovinastvo")),
    *((q, 1, 0) for q in ("SI15012557", "15012557", "SI 1501 2557", "150125")),
    *((q, 1, 0) for q in ("01 345 67 89", "+386 (0)1 345 67 89", "0038613456789")),
    *((q, 1, 0) for q in ("kovine-zagar.si", "pumps", "adriatik")),
    *((q, 0, 1) for q in ("cucek", "ČUČEK Šp", "spela cucek", "čučka", "cuček")),
    *((q, 0, 1) for q in ("040 765 432", "386407654", "spela.cucek@zagar.si")),
    *((q, 0, 0) for q in ("040 765 433", "15012558", "d.o.o. ničesar")),
    ("zagar.si", 1, 1),
    ("info@zagar.si", 1, 0),
]


def test_activities(maja: User, corpus: dict[str, Activity]) -> None:
    found = [(q, names_of(look(maja, q), corpus)) for q, _ in ACTIVITIES]
    assert found == ACTIVITIES


def test_names_and_numbers(maja: User, corpus: dict[str, Activity]) -> None:
    looked = [(q, look(maja, q)) for q, _, _ in NAMES]
    found = [(q, len(one.companies), len(one.contacts)) for q, one in looked]
    assert found == NAMES


# Of the one group event: its title, place and text, with endings and slips.
GATHERINGS = [
    *((q, 1) for q in ("odprta vrata", "razstavišču", "linije pakiranj", "059123456")),
    *((q, 1) for q in ("pakirajne", "razstavisce dan")),
    *((q, 0) for q in ("pakirnica", "059 123 457", "linija obisk")),
]


def test_group_events(maja: User, corpus: dict[str, Activity]) -> None:
    found = [(q, len(look(maja, q).gatherings)) for q, _ in GATHERINGS]
    assert found == GATHERINGS
    stranger = make_user(team=make_team())
    assert [look(stranger, q) for q, _ in GATHERINGS] == [Found()] * len(GATHERINGS)


def test_what_stands_in_a_text_is_shown_with_its_words_marked(
    maja: User, corpus: dict[str, Activity]
) -> None:
    found = look(maja, "vzorcev betonu")
    (one,) = found.texts
    assert one.row.id == corpus["obisk"].pk
    marked = [text for text, is_marked in one.excerpt.parts if is_marked]
    assert marked == ["vzorec", "betona"]
    assert "".join(text for text, _ in one.excerpt.parts) == TITLES["obisk"][2]


def test_attachments_are_found_by_name(maja: User, corpus: dict[str, Activity]) -> None:
    one = corpus["zapis"]
    Attachment.objects.create(
        activity=one,
        name="Merilni list črpališče.pdf",
        size=1,
        sha256="0" * 64,
        stored_as="x",
        made_by=maja,
        made_at=NOW,
    )
    announce("activity", [one.pk])
    (hit,) = look(maja, "crpalisca").texts
    assert (hit.row.id, hit.excerpt.is_file) == (one.pk, True)
    Attachment.objects.update(deleted_at=NOW)
    announce("activity", [one.pk])
    forget_all()  # no service wrote this, so no change tells of it
    assert look(maja, "crpalisca").texts == []


def test_a_guess_says_that_it_is_one(maja: User, corpus: dict[str, Activity]) -> None:
    assert look(maja, "obsik").is_guess
    assert not look(maja, "obisk").is_guess
    assert not look(maja, "nicesar takega").is_guess


def test_a_correction_betrays_nothing(maja: User, corpus: dict[str, Activity]) -> None:
    stranger = make_user(team=make_team())
    company: Any = create_company(context=acting(stranger), name="Obsik d.o.o.")
    make_activity(stranger, company, title="Obsik")
    # For Maja "obsik" is a slip, whatever a company is called that she does not see.
    assert names_of(look(maja, "obsik"), corpus) == {"obisk", "obiski"}
    found = look(stranger, "obsik")
    assert [one.name for one in found.companies] == ["Obsik d.o.o."]
    assert not found.is_guess
    assert look(stranger, "sestanek") == Found()


# All results in their order: those of the reader first, then the newest.
ORDERED: list[tuple[str, list[str]]] = [
    ("vzorec", ["zapis", "vzorci", "obisk"]),
    ("ponudba", ["ponudba", "sestanek"]),
    ("šef dobava", ["sestanek"]),
    (
        "kovinarstvo",
        ["zapis", "offer", "ponudba", "vzorci", "obisk", "sestanek", "visit", "obiski"],
    ),
    ("žagar ponudb", ["ponudba", "sestanek"]),
    ("oibsk", ["obisk", "obiski"]),
]


@pytest.mark.parametrize("most", [counting.LOOKED_UP, -1])
def test_all_results_are_the_same_in_the_same_order(
    maja: User, corpus: dict[str, Activity], monkeypatch: Any, most: int
) -> None:
    """Looked up or met on the way down from the newest."""
    monkeypatch.setattr(counting, "LOOKED_UP", most)
    monkeypatch.setattr(counting, "SHARE", 0)
    Activity.objects.filter(pk=corpus["obiski"].pk).update(owner=make_user("Ana"))
    names = {one.pk: name for name, one in corpus.items()}

    def listed(q: str, kind: str = "") -> list[str]:
        found = list_results(actor_of(maja), q, now=NOW, kind=kind, limit=50)
        return [names[row.id] for row in found.activities]

    assert [(q, set(listed(q))) for q, _ in ACTIVITIES] == ACTIVITIES
    assert [(q, listed(q)) for q, _ in ORDERED] == ORDERED
    for q, _ in ORDERED:
        paged, cursor = [], None
        while True:
            page = list_results(actor_of(maja), q, now=NOW, limit=1, cursor=cursor)
            paged += [names[row.id] for row in page.activities]
            cursor = page.next
            if cursor is None:
                break
        assert paged == listed(q)


# Counts of companies, contacts, group events and products.
COUNTED: list[tuple[str, tuple[int, ...]]] = [
    ("kovinarstva", (1, 0, 0, 0)),
    ("zagar.si", (1, 1, 0, 0)),
    ("pumps", (1, 0, 0, 0)),
    ("dan razstavišča", (0, 0, 1, 0)),
    ("pakirajne", (0, 0, 1, 0)),
    ("zk-120/b", (0, 0, 0, 1)),
    ("ZK120B", (0, 0, 0, 1)),
    ("kompresorji zracni", (0, 0, 0, 1)),
    ("komprseor", (0, 0, 0, 1)),
]


def test_all_names_are_the_same(maja: User, corpus: dict[str, Activity]) -> None:
    found = []
    for q, _ in COUNTED:
        page = list_results(actor_of(maja), q, now=NOW)
        numbers = tuple(page.count(noun) for noun in ("company", "contact"))
        numbers += tuple(page.count(noun) for noun in ("gathering", "product"))
        found.append((q, numbers))
    assert found == COUNTED


def test_few_statements(
    maja: User, corpus: dict[str, Activity], django_assert_max_num_queries: Any
) -> None:
    for q in ("obsik", "zagar ponudba", "obisk", "čuček", "xyzw", "betona 8"):
        with django_assert_max_num_queries(11):
            look(maja, q)
