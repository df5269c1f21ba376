"""Search follows whatever changes, and shows nobody what they may not read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity, Entry
from veriga.activities.services import (
    add_entry,
    delete_activity,
    edit_entry,
    undo_change,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.catalogue.services import create_product, update_product
from veriga.catalogue.tests.factories import make_product
from veriga.common.errors import Invalid
from veriga.common.transactions import write
from veriga.events.models import Gathering
from veriga.events.services import add_companies, create_gathering, update_gathering
from veriga.parties.models import Company, CompanyKind
from veriga.parties.services import (
    create_contact,
    delete_company,
    delete_contact,
    update_contact,
)
from veriga.parties.tests.factories import make_company, make_share
from veriga.setup.services import install_code_lists
from veriga.work.models import (
    ActivityWords,
    CompanyWords,
    ContactWords,
    GatheringWords,
    KnownWord,
    ProductWords,
    Words,
)
from veriga.work.queries.matching import TABLES, fts_of, is_postgres, missing_tables
from veriga.work.queries.search import search
from veriga.work.queries.texts import find_differences
from veriga.work.services.companies import update_company
from veriga.work.services.indexing import prepare_search, repair_search
from veriga.work.services.merging import merge_companies, undo_merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team(), role=Role.MANAGER)


@pytest.fixture
def alpina(maja: User) -> Company:
    return make_company("Alpina", owner=maja)


def ids(user: User, q: str) -> set[int]:
    """Return the ids of the activities that `user` finds."""
    found = search(actor_of(user), q, now=NOW)
    return {row.id for row in found.activities} | {one.row.id for one in found.texts}


def companies(user: User, q: str) -> list[str]:
    return [one.name for one in search(actor_of(user), q, now=NOW).companies]


def contacts(user: User, q: str) -> list[str]:
    return [one.name for one in search(actor_of(user), q, now=NOW).contacts]


class TestActivities:
    def test_title_and_texts(self, maja: User, alpina: Company) -> None:
        one = make_activity(maja, alpina, title="Meritve", text="Prva beseda")
        context, reference = acting(maja), str(one.reference)
        assert ids(maja, "meritev") == ids(maja, "besede") == {one.pk}
        update_activity(
            context=context, reference=reference, changes={"title": "Preizkus"}
        )
        assert (ids(maja, "meritev"), ids(maja, "preizkusi")) == (set(), {one.pk})
        entry = add_entry(context=context, reference=reference, text="Drugi zapis")
        assert ids(maja, "drugi") == {one.pk}
        edit_entry(context=context, entry_id=entry.pk, text="Tretji zapis")
        assert (ids(maja, "drugi"), ids(maja, "tretji")) == (set(), {one.pk})

    def test_a_refused_change_leaves_the_words(
        self, maja: User, alpina: Company
    ) -> None:
        one = make_activity(maja, alpina, title="Meritve")

        @write
        def change() -> None:
            changes = {"title": "Preizkus"}
            reference = str(one.reference)
            update_activity(context=acting(maja), reference=reference, changes=changes)
            raise Invalid

        with pytest.raises(Invalid):
            change()
        assert (ids(maja, "meritve"), ids(maja, "preizkus")) == ({one.pk}, set())
        assert list(find_differences()) == []

    def test_deleting_and_its_undo(self, maja: User, alpina: Company) -> None:
        one = make_activity(maja, alpina, title="Meritve", text="Beseda")
        changed = delete_activity(context=acting(maja), reference=str(one.reference))
        assert ids(maja, "meritve") == ids(maja, "beseda") == set()
        undo_change(context=acting(maja), change_id=changed.change.pk)
        assert ids(maja, "meritve") == ids(maja, "beseda") == {one.pk}

    def test_group_events(self, maja: User, alpina: Company) -> None:
        install_code_lists()
        gathering = create_gathering(
            context=acting(maja),
            values={"title": "Sejemski zajtrk", "type": "meeting", "starts_at": NOW},
            company_ids=[alpina.pk],
        )
        assert len(ids(maja, "zajtrka")) == 1
        update_gathering(
            context=acting(maja),
            gathering_id=gathering.pk,
            changes={"title": "Sejemska večerja"},
        )
        assert (len(ids(maja, "zajtrka")), len(ids(maja, "večerje"))) == (0, 1)


def words_of(model: type[Words]) -> str:
    return " ".join(model._default_manager.values_list("words", flat=True))


class TestGatheringsAndProducts:
    def test_a_group_event(self, maja: User) -> None:
        install_code_lists()
        context = acting(maja)
        values = {"title": "Zajtrk", "type": "meeting", "starts_at": NOW}
        one = create_gathering(
            context=context, values={**values, "place": "Bled", "text": "O tesnilih"}
        )
        assert words_of(GatheringWords) == " bled tesnil zajtrk "
        update_gathering(
            context=context, gathering_id=one.pk, changes={"text": "O vzorcih"}
        )
        assert words_of(GatheringWords) == " bled vzorc zajtrk "
        assert KnownWord.objects.filter(word="vzorc").exists()
        assert list(find_differences()) == []

    def test_a_product(self, maja: User) -> None:
        context = acting(maja)
        one = create_product(context=context, code="PS-120", name="Pakirni stroj")
        assert words_of(ProductWords).split() == [
            "120",
            "pakirn",
            "ps",
            "ps120",
            "stroj",
        ]
        update_product(context=context, product_id=one.pk, name="Črpalka")
        assert words_of(ProductWords).split() == ["120", "crpalk", "ps", "ps120"]
        assert list(find_differences()) == []


class TestRights:
    def test_a_group_event_is_found_by_who_sees_a_company_of_it(
        self, maja: User, alpina: Company
    ) -> None:
        install_code_lists()
        values = {"title": "Zajtrk", "starts_at": NOW, "text": "O tesnilih"}
        one = create_gathering(context=acting(maja), values=values)
        ana = make_user("Ana Zupan", team=maja.team)
        for _ in range(2):  # one that begins only by companies is seen by them
            found = [
                [seen.pk for seen in search(actor_of(user), q, now=NOW).gatherings]
                for user in (maja, ana, make_user(team=make_team()))
                for q in ("tesnilo", "tesinlo")
            ]
            hers = [one.pk] if one.details.exists() else []
            assert found == [[one.pk], [one.pk], hers, hers, [], []]
            add_companies(
                context=acting(maja), gathering_id=one.pk, company_ids=[alpina.pk]
            )

    def test_a_confidential_entry_betrays_itself_to_nobody(
        self, alpina: Company
    ) -> None:
        boss = make_user(role=Role.ADMINISTRATOR, may_see_confidential=True)
        one = make_activity(boss, alpina, title="Meritve", text="Javno")
        add_entry(
            context=acting(boss),
            reference=str(one.reference),
            text="Prevzemnik Zlatorog",
            confidential=True,
        )
        for user in (boss, make_user(role=Role.MANAGER)):
            assert ids(user, "zlatorog") == ids(user, "zlatorgo") == set()
            assert ids(user, "javno") == {one.pk}
        words = [one.words for one in ActivityWords.objects.all()]
        assert not any("zlatorog" in kept for kept in words)
        assert not KnownWord.objects.filter(word__startswith="zlator").exists()
        entry = Entry.objects.get(is_confidential=True)
        edit_entry(context=acting(boss), entry_id=entry.pk, text="Javno Zlatorog")
        assert ids(boss, "zlatorog") == set()
        (hit,) = search(actor_of(boss), "javno", now=NOW).texts
        assert "".join(text for text, _ in hit.excerpt.parts) == "Javno"

    def test_other_teams(self, maja: User, alpina: Company) -> None:
        one = make_activity(maja, alpina, title="Meritve")
        create_contact(context=acting(maja), company_id=alpina.pk, last_name="Meritnik")
        stranger = make_user(team=make_team())
        for q in ("meri", "alpina", "meritnik", "mertive"):
            found = search(actor_of(stranger), q, now=NOW)
            assert not (found.activities or found.companies or found.contacts)
        make_share(alpina, stranger)
        assert ids(stranger, "meri") == {one.pk}
        assert contacts(stranger, "meritnik") == ["Meritnik"]

    def test_natural_persons(self, maja: User) -> None:
        person = make_company(
            "Janez Zlatorog", owner=maja, kind=CompanyKind.NATURAL_PERSON
        )
        boss = make_user(role=Role.ADMINISTRATOR, may_see_persons=True)
        one = make_activity(boss, person, title="Meritve")
        assert ids(boss, "meritve") == ids(boss, "zlatoroga") == {one.pk}
        assert companies(boss, "zlatorog") == ["Janez Zlatorog"]
        assert ids(maja, "meritve") == ids(maja, "zlatorog") == set()
        assert companies(maja, "zlatorog") == companies(maja, "zlatorgo") == []


class TestParties:
    def test_a_new_name_reaches_activities(self, maja: User, alpina: Company) -> None:
        one = make_activity(maja, alpina, title="Meritve")
        update_company(context=acting(maja), company_id=alpina.pk, name="Zlatorog")
        assert companies(maja, "zlatoroga") == ["Zlatorog"]
        assert companies(maja, "alpina") == []
        assert ids(maja, "zlatorog meritve") == {one.pk}
        assert ids(maja, "alpina meritve") == set()

    def test_contacts(self, maja: User, alpina: Company) -> None:
        context = acting(maja)
        one = create_contact(context=context, company_id=alpina.pk, last_name="Kos")
        update_contact(
            context=context, contact_id=one.pk, last_name="Čuk", phone="040 765 432"
        )
        assert (contacts(maja, "kos"), contacts(maja, "cuk")) == ([], ["Čuk"])
        assert contacts(maja, "+386 40 765 432") == ["Čuk"]
        delete_contact(context=context, contact_id=one.pk)
        assert not ContactWords.objects.exists()

    def test_deleting_a_company(self, maja: User, alpina: Company) -> None:
        delete_company(context=acting(maja), company_id=alpina.pk)
        assert not CompanyWords.objects.exists()

    def test_merging_and_its_undo(self, maja: User, alpina: Company) -> None:
        other = make_company("Zlatorog", owner=maja)
        one = make_activity(maja, other, title="Meritve")
        merge = merge_companies(
            context=acting(maja), kept_id=alpina.pk, away_id=other.pk
        )
        assert ids(maja, "alpina meritve") == {one.pk}
        assert (companies(maja, "zlatorog"), ids(maja, "zlatorog")) == ([], set())
        assert list(find_differences()) == []
        undo_merge(context=acting(maja), merge_id=merge.pk)
        assert companies(maja, "zlatorog") == ["Zlatorog"]
        assert ids(maja, "zlatorog meritve") == {one.pk}
        assert list(find_differences()) == []


class TestCheck:
    BREAKS: tuple[Callable[[], object], ...] = (
        lambda: ActivityWords.objects.update(words=" nekaj "),
        lambda: CompanyWords.objects.all().delete(),
        lambda: ContactWords.objects.create(id=987_654, words=" nihče "),
        lambda: KnownWord.objects.filter(word="meritv").delete(),
        lambda: Activity.objects.update(title="Preizkus"),
        lambda: Gathering.objects.update(text="Preizkus"),
        lambda: GatheringWords.objects.all().delete(),
        lambda: ProductWords.objects.update(words=" nekaj "),
    )

    @pytest.mark.parametrize("number", range(len(BREAKS)))
    def test_finds_and_mends(self, maja: User, alpina: Company, number: int) -> None:
        install_code_lists()
        make_activity(maja, alpina, title="Meritve")
        make_product()
        create_gathering(
            context=acting(maja), values={"title": "Zajtrk", "starts_at": NOW}
        )
        assert list(find_differences()) == []
        self.BREAKS[number]()
        assert {one.code for one in find_differences()} == {"search"}
        repair_search()
        assert list(find_differences()) == []

    @pytest.mark.sqlite
    def test_notices_a_full_text_table_out_of_step(
        self, maja: User, alpina: Company
    ) -> None:
        make_activity(maja, alpina, title="Meritve")
        fts = fts_of(ActivityWords)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {fts}_update")
            ActivityWords.objects.update(words=" nekaj ")
            assert fts in {one.subject for one in find_differences()}
        repair_search()
        assert list(find_differences()) == []


def test_an_upgraded_installation_is_filled(maja: User, alpina: Company) -> None:
    one = make_activity(maja, alpina, title="Meritve")
    make_product()
    install_code_lists()
    create_gathering(context=acting(maja), values={"title": "Zajtrk", "starts_at": NOW})
    for model in (*TABLES, KnownWord):
        model._default_manager.all().delete()
    assert missing_tables() == []
    name = fts_of(ActivityWords)
    kind = "INDEX" if is_postgres() else "TABLE"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP {kind} {name}")
    assert missing_tables() == [ActivityWords]
    prepare_search()
    assert ids(maja, "meritev") == {one.pk}
    assert companies(maja, "alpina") == ["Alpina"]
    assert list(find_differences()) == []
