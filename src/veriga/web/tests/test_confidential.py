"""A confidential entry is nowhere for others: every page, piece and header."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Context, Role, Scope
from veriga.access.services import create_token
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity, Entry
from veriga.activities.services import (
    add_entry,
    change_entry,
    lock_entry,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import NotAllowed, NotFound
from veriga.parties.models import Company, Position
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.services import install_code_lists

from .clients import signed_in
from .hunting import WORD, addresses, read_pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder() -> User:
    """The one who may see confidential entries and takes part."""
    install_code_lists()
    return make_user(
        "Vida Direktor", team=make_team(), role=Role.MANAGER, may_see_confidential=True
    )


@pytest.fixture
def company(holder: User) -> Company:
    return make_company("Alpina Pak, d. o. o.", owner=holder)


@pytest.fixture
def chain(holder: User, company: Company) -> list[Activity]:
    """Three records of one chain, the first with an open entry as well."""
    contact = make_contact(company)
    Position.objects.create(
        contact=make_contact(), company=company, created_at=timezone.now()
    )
    first = make_activity(
        holder, company, text="Odprto besedilo", contacts=[contact.pk], days_ago=5
    )
    call = make_activity(holder, company, follows=first.reference, days_ago=3)
    task = make_activity(holder, company, "task", follows=call.reference)
    return [first, call, task]


def others(holder: User) -> Iterator[User]:
    """Those who see the company and may not see the entry, each for another reason."""
    yield make_user("Brez pravice", role=Role.ADMINISTRATOR, scope=Scope.ALL)
    yield make_user("Bralec", role=Role.READER, team=holder.team)
    # The right alone is not enough: this one has no part in it.
    yield make_user("Od drugod", role=Role.MANAGER, may_see_confidential=True)


def next_entry_id() -> int:
    newest = Entry.objects.order_by("-pk").first()
    return newest.pk + 1 if newest else 1


class TestNowhereForOthers:
    def test_no_page_tells_anything(self, holder, company, chain, monkeypatch):
        moment = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: moment)
        admin, _reader, idle = others(holder)
        people = [signed_in(admin), signed_in(idle)]
        first = next_entry_id()
        paths = addresses(first, first + 1)
        before = [read_pages(client, paths) for client in people]
        entries = self._write(holder, chain)
        after = [read_pages(client, paths) for client in people]
        assert len(before[0]) > 200
        for one, other in zip(before, after, strict=True):
            for asked, told in one.items():
                # Searched for, the word comes back in the field it was typed into.
                if "?q=" not in str(asked):
                    assert WORD not in str(other[asked]), asked
                assert told == other[asked], asked
        window = signed_in(holder).get(f"/activities/{chain[0].reference}/")
        assert WORD in window.content.decode()
        assert f'id="entry-{entries[0]}"' in window.content.decode()

    def test_the_entry_itself_is_not_found(self, holder, company, chain):
        entry_id = self._write(holder, chain)[0]
        for user in others(holder):
            client = signed_in(user)
            assert client.get(f"/entries/{entry_id}/edit/").status_code == 404
            for path, data in (("edit", {"text": "x"}), ("lock", {"locked": "1"})):
                answer = client.post(f"/entries/{entry_id}/{path}/", data)
                assert answer.status_code == 404
            answer = client.patch(
                f"/api/v1/entries/{entry_id}",
                {"text": "x"},
                content_type="application/json",
                headers={"Authorization": f"Bearer {self._token(user)}"},
            )
            assert answer.status_code == 404
        assert Entry.objects.get(pk=entry_id).text == f"{WORD} ena"

    def test_the_window_of_a_holder_bears_the_sign(self, holder, company, chain):
        self._write(holder, chain)
        path = f"/activities/{chain[0].reference}/"
        assert "exclamation-circle" in signed_in(holder).get(path).content.decode()
        for user in others(holder):
            page = signed_in(user).get(path).content.decode()
            assert "exclamation-circle" not in page

    def _write(self, holder: User, chain: list[Activity]) -> list[int]:
        context = acting(holder, timezone.now())
        made = [
            add_entry(
                context=context,
                reference=str(activity.reference),
                text=f"{WORD} {number}",
                confidential=True,
            ).pk
            for number, activity in zip(("ena", "dve", "tri"), chain, strict=True)
        ]
        # What is written of it later stays hidden too.
        change_entry(context=context, entry_id=made[1], text=f"{WORD} znova")
        change_entry(context=context, entry_id=made[2], locked=True)
        return made

    def _token(self, user: User) -> str:
        context = Context(actor_of(user), timezone.now())
        return create_token(context=context, name="test")[1]


class TestFirstText:
    def test_it_may_be_confidential_from_the_start(self, holder, company):
        answer = signed_in(holder).post("/events/new/", self._typed(company))
        assert answer.status_code == 302
        entry = Entry.objects.get()
        assert (entry.text, entry.is_confidential) == (WORD, True)

    def test_the_box_is_there_only_for_holders(self, holder, company):
        path = f"/events/new/?company={company.pk}"
        plain = make_user("Maja", team=holder.team)
        assert 'name="confidential"' in signed_in(holder).get(path).content.decode()
        assert 'name="confidential"' not in signed_in(plain).get(path).content.decode()

    def test_who_could_not_read_it_may_not_write_it(self, holder, company):
        plain = signed_in(make_user("Maja", team=holder.team))
        answer = plain.post("/events/new/", self._typed(company))
        assert answer.status_code == 403
        assert not Activity.objects.exists()

    def test_a_program_may_say_so(self, holder, company):
        secret = create_token(
            context=Context(actor_of(holder), timezone.now()), name="test"
        )[1]
        answer = Client().post(
            "/api/v1/tasks",
            {"company": company.pk, "title": "A", "text": WORD, "confidential": True},
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )
        assert answer.status_code == 201
        assert Entry.objects.get().is_confidential

    def _typed(self, company: Company) -> dict[str, Any]:
        tomorrow = timezone.localdate() + timedelta(days=1)
        return {
            "company": company.pk,
            "title": "Obisk",
            "type": "visit",
            "starts_on": tomorrow.isoformat(),
            "starts_time": "10:00",
            "text": WORD,
            "confidential": "on",
            "owner": company.account_owner_id,
            "people": "1",
        }


class TestLocked:
    def test_its_author_alone_edits_it(self, holder, company):
        maja = make_user("Maja", team=holder.team)
        one = make_activity(maja, company, text="Moje")
        entry = Entry.objects.get()
        lock_entry(context=acting(maja), entry_id=entry.pk, locked=True)
        with pytest.raises(NotAllowed):
            change_entry(context=acting(holder), entry_id=entry.pk, text="Tuje")
        with pytest.raises(NotAllowed):
            change_entry(context=acting(holder), entry_id=entry.pk, locked=False)
        changed = change_entry(
            context=acting(maja), entry_id=entry.pk, text="Novo", locked=False
        )
        assert (changed.text, changed.is_locked) == ("Novo", False)
        assert changed.activity_id == one.pk

    def test_the_form_opens_only_for_who_may_save_it(self, holder, company):
        maja = make_user("Maja", team=holder.team)
        reader = make_user(role=Role.READER, team=holder.team)
        make_activity(maja, company, text="Moje")
        entry = Entry.objects.get()
        path = f"/entries/{entry.pk}/edit/"
        assert signed_in(holder).get(path).status_code == 200
        assert signed_in(reader).get(path).status_code == 403
        lock_entry(context=acting(maja), entry_id=entry.pk, locked=True)
        assert signed_in(holder).get(path).status_code == 403
        assert signed_in(maja).get(path).status_code == 200

    def test_half_of_a_refused_change_is_not_kept(self, holder, company):
        maja = make_user("Maja", team=holder.team)
        make_activity(maja, company, text="Moje")
        entry = Entry.objects.get()
        with pytest.raises(NotAllowed):
            change_entry(
                context=acting(holder), entry_id=entry.pk, text="Tuje", locked=True
            )
        assert Entry.objects.get().text == "Moje"

    def test_one_who_stops_taking_part_sees_it_no_more(self, holder, company):
        other = make_user("Druga", team=holder.team, may_see_confidential=True)
        one = make_activity(holder, company, participants=[other.pk])
        entry = add_entry(
            context=acting(holder),
            reference=str(one.reference),
            text=WORD,
            confidential=True,
        )
        path = f"/activities/{one.reference}/"
        assert WORD in signed_in(other).get(path).content.decode()
        update_activity(
            context=acting(holder),
            reference=str(one.reference),
            changes={"participants": []},
        )
        assert WORD not in signed_in(other).get(path).content.decode()
        with pytest.raises(NotFound):
            change_entry(context=acting(other), entry_id=entry.pk, text="x")
