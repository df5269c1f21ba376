"""Merging two companies: what moves, what is chosen, rights, undo, and check."""

from __future__ import annotations

from datetime import timedelta

import pytest

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity, Chain, Change, Link
from veriga.activities.queries.checking import find_differences
from veriga.activities.services import (
    delete_activity,
    link_activities,
    undo_change,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.documents.services import Upload, attach
from veriga.history.queries import list_changes
from veriga.parties.models import Company, Contact, Position, Share
from veriga.parties.queries import categories_of, get_company, people_at
from veriga.parties.services import add_position, share_company
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.services import install_code_lists
from veriga.work.services.merging import (
    merge_companies,
    merged_into,
    preview_merge,
    undo_merge,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    return make_user("Nataša", role=Role.MANAGER, team=make_team("Prodaja"))


@pytest.fixture
def kept(boss: User) -> Company:
    return make_company("Alpina Pak", owner=boss, town="Kranj", phone="")


@pytest.fixture
def away(boss: User) -> Company:
    maja = make_user("Maja", team=make_team("Druga"))
    return make_company("Alpina Pack", owner=maja, town="Celje", phone="04 123 45 67")


def merge(boss: User, kept: Company, away: Company, **take: str):
    return merge_companies(
        context=acting(boss), kept_id=kept.pk, away_id=away.pk, take=take
    )


def clean() -> bool:
    return list(find_differences()) == []


def test_everything_moves_and_no_chains_are_joined(
    boss, kept, away, settings, tmp_path
):
    settings.FILES = tmp_path
    mine = make_activity(boss, kept)
    one = make_activity(boss, away)
    two = make_activity(boss, away, follows=one.reference)
    gone = make_activity(boss, away)
    delete_activity(context=acting(boss), reference=gone.reference)
    contact = make_contact(away)
    attach(context=acting(boss), upload=Upload("a.txt", [b"a"]), company_id=away.pk)
    chains = Chain.objects.count()
    merge(boss, kept, away)
    assert not Company.objects.filter(pk=away.pk).exists()
    assert set(Activity.objects.values_list("company_id", flat=True)) == {kept.pk}
    assert Chain.objects.count() == chains
    mine.refresh_from_db()
    one.refresh_from_db()
    two.refresh_from_db()
    assert one.chain_id == two.chain_id != mine.chain_id
    assert (one.company_key, one.company_team_id) == (mine.company_key, boss.team_id)
    contact.refresh_from_db()
    assert contact.company_id == kept.pk
    assert kept.files.count() == 1
    assert clean()
    assert merged_into(away.pk) == kept.pk
    assert list_changes("company", kept.pk)[0].changes == {
        "merged": [None, "Alpina Pack"]
    }


def test_gaps_are_filled_and_differences_chosen(boss, kept, away):
    merge(boss, kept, away, town="away")
    kept.refresh_from_db()
    assert (kept.name, kept.town, kept.phone) == ("Alpina Pak", "Celje", "04 123 45 67")
    assert kept.account_owner_id == boss.pk


def test_taking_the_owner_takes_the_team(boss, kept, away):
    one = make_activity(boss, kept)
    merge(boss, kept, away, account_owner_id="away", name="away")
    kept.refresh_from_db()
    one.refresh_from_db()
    assert kept.team_id == away.team_id == one.company_team_id
    assert kept.name == "Alpina Pack"
    assert clean()


def test_preview_tells_it_beforehand(boss, kept, away):
    make_activity(boss, away)
    found = preview_merge(acting(boss), kept.pk, away.pk)
    columns = {choice.column: choice.prefers_away for choice in found.choices}
    assert columns == {
        "name": False,
        "town": False,
        "phone": True,
        "account_owner_id": False,
    }
    assert found.numbers["activities.Activity"] == 1
    assert Company.objects.count() == 2


def test_shares_are_not_doubled(boss, kept, away):
    guest = make_user(scope=Scope.OWN)
    for company in (kept, away):
        share_company(context=acting(boss), company_id=company.pk, user_id=guest.pk)
    made = merge(boss, kept, away)
    assert Share.objects.filter(user=guest).count() == 1
    undo_merge(context=acting(boss), merge_id=made.pk)
    assert Share.objects.filter(user=guest).count() == 2


class TestUndo:
    def test_it_is_exact(self, boss, kept, away):
        mine, theirs = make_activity(boss, kept), make_activity(boss, away)
        contact = make_contact(away)
        before = [
            dict(Company.objects.filter(pk=one.pk).values().get(), row_version=0)
            for one in (kept, away)
        ]
        made = merge(
            boss, kept, away, town="away", name="away", account_owner_id="away"
        )
        back = undo_merge(context=acting(boss), merge_id=made.pk)
        after = [
            dict(Company.objects.filter(pk=one.pk).values().get(), row_version=0)
            for one in (kept, away)
        ]
        assert after == before and back.pk == away.pk
        theirs.refresh_from_db()
        mine.refresh_from_db()
        assert (theirs.company_id, mine.company_id) == (away.pk, kept.pk)
        assert Contact.objects.get(pk=contact.pk).company_id == away.pk
        assert clean()
        assert merged_into(away.pk) is None
        with pytest.raises(Conflict) as caught:
            undo_merge(context=acting(boss), merge_id=made.pk)
        assert caught.value.code == "already_undone"

    def test_what_was_recorded_since_goes_with_its_chain(self, boss, kept, away):
        theirs = make_activity(boss, away)
        made = merge(boss, kept, away)
        later = NOW + timedelta(days=1)
        with_it = make_activity(boss, kept, now=later, follows=theirs.reference)
        alone = make_activity(boss, kept, now=later)
        undo_merge(context=acting(boss, later), merge_id=made.pk)
        with_it.refresh_from_db()
        alone.refresh_from_db()
        assert (with_it.company_id, alone.company_id) == (away.pk, kept.pk)
        assert clean()

    def test_a_chain_that_belongs_to_both_is_a_conflict(self, boss, kept, away):
        mine, theirs = make_activity(boss, kept), make_activity(boss, away)
        made = merge(boss, kept, away)
        link_activities(
            context=acting(boss), follow_up=theirs.reference, stimulus=mine.reference
        )
        with pytest.raises(Conflict) as caught:
            undo_merge(context=acting(boss), merge_id=made.pk)
        assert caught.value.code == "undo_conflict"
        assert not Company.objects.filter(pk=away.pk).exists()
        assert clean() and Link.objects.count() == 1

    def test_a_contact_on_the_other_side_is_a_conflict(self, boss, kept, away):
        mine = make_activity(boss, kept)
        contact = make_contact(away)
        made = merge(boss, kept, away)
        update_activity(
            context=acting(boss),
            reference=mine.reference,
            changes={"contacts": [contact.pk]},
        )
        with pytest.raises(Conflict):
            undo_merge(context=acting(boss), merge_id=made.pk)
        assert Contact.objects.get(pk=contact.pk).company_id == kept.pk

    def test_after_thirty_days_it_is_too_late(self, boss, kept, away):
        made = merge(boss, kept, away)
        late = NOW + timedelta(days=31)
        with pytest.raises(Conflict) as caught:
            undo_merge(context=acting(boss, late), merge_id=made.pk)
        assert caught.value.code == "undo_too_late"

    def test_by_its_maker_or_a_manager(self, boss, kept, away):
        made = merge(boss, kept, away)
        seller = make_user(team=boss.team)
        with pytest.raises(NotAllowed):
            undo_merge(context=acting(seller), merge_id=made.pk)
        stranger = make_user(team=make_team(), scope=Scope.OWN)
        with pytest.raises(NotFound):
            undo_merge(context=acting(stranger), merge_id=made.pk)

    def test_other_undos_go_on_working(self, boss, kept, away):
        one, two = make_activity(boss, away), make_activity(boss, away)
        linked = link_activities(
            context=acting(boss), follow_up=two.reference, stimulus=one.reference
        )
        merge(boss, kept, away)
        undo_change(context=acting(boss), change_id=linked.change.pk)
        assert not Link.objects.exists() and clean()
        assert set(Change.objects.values_list("company_id", flat=True)) == {kept.pk}


class TestRights:
    def test_a_seller_needs_both(self, boss, kept, away):
        seller = make_user("Rok", team=boss.team, scope=Scope.ALL)
        with pytest.raises(NotAllowed):
            merge(seller, kept, away)
        one, two = make_company("A", owner=seller), make_company("B", owner=seller)
        assert merge(seller, one, two).gone_id == two.pk

    def test_not_the_invisible_the_same_nor_ones_own_firm(self, boss, kept, away):
        stranger = make_user(team=make_team(), scope=Scope.OWN)
        with pytest.raises(NotFound):
            merge(stranger, kept, away)
        with pytest.raises(Invalid) as caught:
            merge(boss, kept, kept)
        assert caught.value.code == "same_company"
        own = make_company("Interno", is_own=True)
        for pair in ((kept, own), (own, kept)):
            with pytest.raises(NotAllowed):
                merge(boss, *pair)

    @pytest.mark.parametrize(
        "take", [{"row_version": "away"}, {"town": "x"}, {"id": "away"}]
    )
    def test_bad_choices(self, boss, kept, away, take):
        with pytest.raises(Invalid):
            merge(boss, kept, away, **take)
        assert get_company(actor_of(boss), away.pk).pk == away.pk


def test_branches_follow_and_nobody_stands_above_itself(boss, kept, away):
    branch = make_company("Podružnica", owner=boss, parent=away)
    kept.parent = away
    kept.save()
    made = merge(boss, kept, away)
    kept.refresh_from_db()
    branch.refresh_from_db()
    assert (kept.parent_id, branch.parent_id) == (None, kept.pk)
    undo_merge(context=acting(boss), merge_id=made.pk)
    kept.refresh_from_db()
    branch.refresh_from_db()
    assert (kept.parent_id, branch.parent_id) == (away.pk, away.pk)


class TestPeopleAtBoth:
    def test_they_stay_once_and_undo_is_exact(self, boss, kept, away) -> None:
        at_both = make_contact(kept, last_name="Kos")
        other_way = make_contact(away, last_name="Bor")
        elsewhere = make_contact(make_company(owner=boss), last_name="Zorko")
        places = [
            (at_both, away),
            (other_way, kept),
            (elsewhere, kept),
            (elsewhere, away),
        ]
        for contact, company in places:
            add_position(
                context=acting(boss), contact_id=contact.pk, company_id=company.pk
            )
        visit = make_activity(boss, away)
        visit.contacts.add(at_both)
        before = sorted(Position.objects.values_list("contact_id", "company_id"))

        merged = merge(boss, kept, away)

        assert list(Position.objects.values_list("contact_id", "company_id")) == [
            (elsewhere.pk, kept.pk)
        ]
        assert {c.pk for c in people_at(kept.pk, limit=9)} == {
            at_both.pk,
            other_way.pk,
            elsewhere.pk,
        }
        undo_merge(context=acting(boss), merge_id=merged.pk)
        after = sorted(Position.objects.values_list("contact_id", "company_id"))
        assert after == before
        assert list(visit.contacts.all()) == [at_both]


def test_categories_of_both_are_kept_and_undo_is_exact(boss, kept, away) -> None:
    install_code_lists()
    kept.categories.set(["trader", "services"])
    away.categories.set(["trader", "manufacturer"])
    merged = merge(boss, kept, away)
    assert categories_of([kept.pk]) == {kept.pk: ["manufacturer", "trader", "services"]}
    back = undo_merge(context=acting(boss), merge_id=merged.pk)
    assert categories_of([kept.pk, back.pk]) == {
        kept.pk: ["trader", "services"],
        back.pk: ["manufacturer", "trader"],
    }


def test_an_active_customer_may_stay_one_whoever_merges(kept, away) -> None:
    """It was activated once: merging asks neither for the right nor what is missing."""
    maja = away.account_owner
    Company.objects.filter(pk=kept.pk).update(account_owner=maja, team=maja.team)
    Company.objects.filter(pk=away.pk).update(status="active")
    merged = merge(maja, kept, away, status="away")
    kept.refresh_from_db()
    assert kept.status == "active"
    undo_merge(context=acting(maja), merge_id=merged.pk)
    kept.refresh_from_db()
    assert kept.status == "prospect"
