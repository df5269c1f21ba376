"""Many writers at once: nothing is lost, nothing is doubled, nobody sees a lock."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field

import pytest
from django.db import connection, connections
from tests.support.effort import sized

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_user
from veriga.activities import services
from veriga.activities.models import Activity, Change, Counter, Link
from veriga.activities.queries.checking import find_differences
from veriga.common.errors import VerigaError
from veriga.common.transactions import at_end, write
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.setup.services import install_code_lists

from .factories import acting, make_activity

ACTIVITIES = 60
EXPECTED = {
    "link_to_itself",
    "other_company",
    "circle",
    "not_found",
    "not_linked",
    "already_undone",
    "undo_conflict",
}


@dataclass
class Writer:
    """One person at work: what they were told, and what went wrong."""

    number: int
    user: User
    companies: list[int]
    references: list[str]
    operations: int
    changes: list[int] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    refused: int = 0
    broken: list[BaseException] = field(default_factory=list)

    def run(self) -> None:
        chance = random.Random(self.number)
        try:
            for _ in range(self.operations):
                try:
                    self._one(chance)
                except VerigaError as error:
                    if error.code not in EXPECTED:
                        raise
                    self.refused += 1
        except BaseException as error:  # noqa: BLE001  # the test reports it
            self.broken.append(error)
        finally:
            connections.close_all()

    def _one(self, chance: random.Random) -> None:
        context = acting(self.user)
        what = chance.choices(
            ["link", "split", "take_out", "delete", "undo", "create", "fail"],
            [45, 8, 7, 4, 25, 6, 5],
        )[0]
        name = self._chosen(chance)
        if what == "link":
            other = self._chosen(chance)
            linked = services.link_activities(
                context=context, follow_up=name, stimulus=other
            )
            if linked.change:
                self.changes.append(linked.change.pk)
        elif what == "split":
            ids = list(Link.objects.values_list("pk", flat=True))
            if ids:
                changed = services.split_chain(
                    context=context, link_id=chance.choice(ids)
                )
                self.changes.append(changed.change.pk)
        elif what == "take_out":
            changed = services.take_out(context=context, reference=name)
            self.changes.append(changed.change.pk)
        elif what == "delete":
            changed = services.delete_activity(context=context, reference=name)
            self.changes.append(changed.change.pk)
            self._undo(changed.change.pk)
        elif what == "undo" and self.changes:
            self._undo(chance.choice(self.changes[-20:]))
        elif what == "create":
            self._create(chance)
        elif what == "fail":
            self._rolled_back_save(chance.choice(self.companies))

    def _chosen(self, chance: random.Random) -> str:
        """Return one of the references, or a new one in the place of what is deleted.

        So that there is something to link to the end, whatever is not brought back.
        """
        place = chance.randrange(len(self.references))
        name = self.references[place]
        living = Activity.objects.filter(reference=name, deleted_at__isnull=True)
        if not living.exists():
            name = self.references[place] = self._create(chance)
        return name

    def _create(self, chance: random.Random) -> str:
        company = Company.objects.get(pk=chance.choice(self.companies))
        self.created.append(make_activity(self.user, company).reference or "")
        return self.created[-1]

    def _undo(self, change: int) -> None:
        undone = services.undo_change(context=acting(self.user), change_id=change)
        self.changes.append(undone.pk)

    def _rolled_back_save(self, company: int) -> None:
        """A save that fails after its number was taken must leave no hole."""
        context = acting(self.user)

        @write
        def save_and_stumble() -> None:
            draft = services.Draft(kind="task", company_id=company, title="Padec")
            services.create_activity(context=context, draft=draft)
            at_end(stumble)

        def stumble() -> None:
            raise VerigaError("not_linked")

        save_and_stumble()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_writers_at_once_lose_nothing() -> None:
    writers_wanted = 8 if connection.vendor == "postgresql" else 4
    operations = sized(ci=2_000, full=12_000) // writers_wanted + 1
    install_code_lists()
    user = make_user(role=Role.MANAGER, scope=Scope.ALL)
    companies = [make_company(owner=user) for _ in range(2)]
    references = [
        make_activity(user, companies[n % 2], kind, days_ago=n / 7).reference or ""
        for n in range(ACTIVITIES)
        for kind in [("event", "task", "product_record", "quote")[n // 2 % 4]]
    ]
    writers = [
        Writer(n, user, [c.pk for c in companies], references, operations)
        for n in range(writers_wanted)
    ]
    threads = [threading.Thread(target=w.run) for w in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [w.broken for w in writers if w.broken] == []
    answered = sorted(pk for w in writers for pk in w.changes)
    made_on_purpose = Change.objects.exclude(pk__in=answered)
    assert list(made_on_purpose) == []
    assert len(answered) == Change.objects.count() > operations
    assert _replayed() == set(Link.objects.values_list("pk", flat=True))
    assert list(find_differences()) == []
    created = [reference for w in writers for reference in w.created]
    assert len(set(created)) == len(created)
    assert Activity.objects.count() == ACTIVITIES + len(created)
    for counter in Counter.objects.all():
        given = Activity.objects.filter(reference__startswith=f"{counter.prefix}-26-")
        assert given.count() == counter.last


def _replayed() -> set[int]:
    """Return the links that all changes, one after another, leave behind.

    Changes of a company are made under its lock, so their ids are in their order.
    """
    links: set[int] = set()
    for change in Change.objects.order_by("pk"):
        gone = {packed["id"] for packed in change.removed.get("links", [])}
        come = {packed["id"] for packed in change.added.get("links", [])}
        assert gone <= links
        assert not come & links
        links = (links - gone) | come
    return links


@pytest.mark.django_db(transaction=True)
def test_two_first_saves_of_a_year_get_two_numbers() -> None:
    install_code_lists()
    user = make_user(role=Role.MANAGER, scope=Scope.ALL)
    companies = [make_company(owner=user) for _ in range(4)]
    barrier, found = threading.Barrier(4), []

    def save(company: Company) -> None:
        barrier.wait()
        try:
            found.append(make_activity(user, company).reference)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=[company]) for company in companies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"D-26-{n:05d}" for n in range(1, 5)]
