"""Poveži, Povezave and what they do: link, split, take out, move, undo."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_user
from veriga.activities.models import Activity, Entry, Link
from veriga.activities.queries import linking
from veriga.activities.services import (
    add_entry,
    close_sale,
    delete_activity,
    link_activities,
)
from veriga.activities.tests.factories import NOW, acting, make_activity
from veriga.parties.tests.factories import make_company

from .clients import PIECE, signed_in
from .test_records import COUNTS, body, record_url, saved_event

pytestmark = pytest.mark.django_db
ASIDE = {"HX-Request": "true", "HX-Target": "div#window-aside"}
ROWS = {"HX-Request": "true", "HX-Target": "ul#link-rows"}


@pytest.fixture
def stranger():
    return signed_in(make_user(scope=Scope.OWN))


@pytest.fixture
def reader(maja):
    return signed_in(make_user(role=Role.READER, team=maja.team))


def place(page: str, activity: Activity) -> int:
    """Return where a row of this activity stands in a panel."""
    return page.index(f'value="{activity.reference}" hx-get')


class TestCandidates:
    def test_panel_offers_the_others_own_chain_last(self, web, maja, company):
        one = make_activity(maja, company)
        member = make_activity(maja, company, follows=one.reference)
        other = make_activity(maja, company, days_ago=700)
        page = body(web.get(record_url(one, "link"), headers=ASIDE))
        assert f'name="other" value="{one.reference}"' not in page
        assert place(page, other) < place(page, member)
        assert "<article" not in page

    def test_filters_and_pages(self, web, maja, company):
        one = make_activity(maja, company)
        for number in range(52):
            make_activity(maja, company, title=f"Klic {number:02}", days_ago=2)
        task = make_activity(maja, company, "task", title="Naloga")
        url = record_url(one, "link")
        first = body(web.get(url, {"q": "klic"}, headers=ROWS))
        assert first.count('name="other"') == 50
        assert "Naloga" not in first
        more = first.split('hx-get="')[-1].split('"')[0].replace("&amp;", "&")
        rest = body(web.get(more, headers={"HX-Request": "true", "HX-Target": "li"}))
        assert rest.count('name="other"') == 2
        found = body(web.get(url, {"kind": "task"}, headers=ROWS))
        assert found.count('name="other"') == 1
        assert task.reference in found
        assert 'name="other"' not in body(
            web.get(url, {"to": "2020-01-01"}, headers=ROWS)
        )

    def test_without_script_it_is_the_record_with_its_panel(self, web, maja, company):
        one = make_activity(maja, company)
        page = body(web.get(record_url(one, "link"), {"q": "x"}))
        assert "<!DOCTYPE html>" in page
        assert "data-link-form" in page

    def test_rights(self, reader, stranger, maja, company):
        one = make_activity(maja, company)
        url = record_url(one, "link")
        assert reader.get(url).status_code == 403
        assert stranger.get(url).status_code == 404


class TestPreview:
    def test_tells_what_would_be_joined(self, web, maja, company):
        one = make_activity(maja, company)
        origin = make_activity(maja, company, title="Začetek", days_ago=30)
        other = make_activity(maja, company, follows=origin.reference)
        data = {"other": other.reference}
        page = body(web.get(record_url(one, "preview"), data, headers=PIECE))
        assert "Začetek" in page
        assert origin.reference in page
        assert not Link.objects.filter(follow_up=one).exists()

    def test_what_somebody_links_meanwhile_is_read_again(
        self, web, maja, company, monkeypatch
    ) -> None:
        one, other = (make_activity(maja, company, days_ago=n) for n in (1, 2))
        read = linking.summaries

        def linked_before(ids):
            monkeypatch.setattr(linking, "summaries", read)
            link_activities(
                context=acting(maja),
                follow_up=one.reference,
                stimulus=other.reference,
            )
            return read(ids)

        monkeypatch.setattr(linking, "summaries", linked_before)
        data = {"other": other.reference}
        answer = web.get(record_url(one, "preview"), data, headers=PIECE)
        assert answer.status_code == 200
        assert Link.objects.count() == 1

    def test_later_recorded_one_turns_the_proposal(self, web, maja, company):
        one = make_activity(maja, company)
        later = make_activity(maja, company, now=NOW.replace(hour=11))
        url = record_url(one, "preview")
        page = body(web.get(url, {"other": later.reference}, headers=PIECE))
        assert 'name="direction" value="stimulus"' in page
        turned = {"other": later.reference, "direction": "follow_up"}
        page = body(web.get(url, turned, headers=PIECE))
        assert 'name="direction" value="follow_up"' in page

    def test_says_that_marks_are_kept(self, web, maja, company):
        one, other = make_activity(maja, company), make_activity(maja, company)
        close_sale(context=acting(maja), reference=other.reference, outcome="lost")
        url = record_url(one, "preview")
        page = body(web.get(url, {"other": other.reference}, headers=PIECE))
        assert "info-circle" in page

    def test_circle_is_said_and_not_offered(self, web, maja, company):
        one = make_activity(maja, company)
        two = make_activity(maja, company, follows=one.reference)
        three = make_activity(maja, company, follows=two.reference)
        data = {"other": three.reference, "direction": "follow_up"}
        page = body(web.get(record_url(one, "preview"), data, headers=PIECE))
        assert "field-error" in page
        assert "link-now" not in page

    def test_missing_and_invisible(self, web, stranger, maja, company):
        one = make_activity(maja, company)
        url = record_url(one, "preview")
        assert web.get(url, {"other": "D-26-99999"}).status_code == 404
        assert web.get(url).status_code == 404
        assert stranger.get(url, {"other": one.reference}).status_code == 404


class TestLink:
    def test_links_and_offers_undo(self, web, maja, company):
        one, other = make_activity(maja, company), make_activity(maja, company)
        data = {"other": one.reference}
        said = saved_event(web.post(record_url(other, "link"), data, headers=PIECE))
        assert said["address"].endswith("?panel=links")
        link = Link.objects.get()
        assert (link.follow_up, link.stimulus) == (other, one)
        assert web.post(said["undo_url"], headers=PIECE).status_code == 204
        assert not Link.objects.exists()

    def test_direction_counts_only_for_the_row_it_was_shown_with(
        self, web, maja, company
    ):
        one, other = make_activity(maja, company), make_activity(maja, company)
        data = {
            "other": one.reference,
            "direction": "stimulus",
            "direction_of": other.reference,
        }
        saved_event(web.post(record_url(other, "link"), data, headers=PIECE))
        assert Link.objects.get().follow_up == other

    def test_suggested_row_is_a_suggestion(self, web, maja, company):
        one, other = make_activity(maja, company), make_activity(maja, company)
        data = {"other": one.reference, "suggested": [one.reference]}
        saved_event(web.post(record_url(other, "link"), data, headers=PIECE))
        assert Link.objects.get().reason == "suggestion"

    def test_linking_twice_changes_nothing(self, web, maja, company):
        one = make_activity(maja, company)
        two = make_activity(maja, company, follows=one.reference)
        data = {"other": two.reference, "direction": "follow_up"}
        said = saved_event(web.post(record_url(one, "link"), data, headers=PIECE))
        assert said["undo_url"] == ""
        assert Link.objects.count() == 1

    def test_refused_links_change_nothing(self, web, maja, company):
        one = make_activity(maja, company)
        two = make_activity(maja, company, follows=one.reference)
        three = make_activity(maja, company, follows=two.reference)
        elsewhere = make_activity(maja, make_company(owner=maja))
        url = record_url(one, "link")
        for other in (one, three, elsewhere):
            data = {"other": other.reference, "direction": "follow_up"}
            assert web.post(url, data, headers=PIECE).status_code == 422
        assert web.post(url, {}, headers=PIECE).status_code == 422
        data = {"other": "D-26-99999"}
        assert web.post(url, data, headers=PIECE).status_code == 404
        assert Link.objects.count() == 2

    def test_readers_and_strangers(self, reader, stranger, maja, company):
        one, other = make_activity(maja, company), make_activity(maja, company)
        data = {"other": other.reference}
        assert reader.post(record_url(one, "link"), data).status_code == 403
        assert stranger.post(record_url(one, "link"), data).status_code == 404
        assert not Link.objects.exists()

    def test_without_script(self, web, maja, company):
        one, other = make_activity(maja, company), make_activity(maja, company)
        response = web.post(record_url(one, "link"), {"other": other.reference})
        assert response["Location"] == record_url(one) + "?panel=links"


class TestLinks:
    def test_the_whole_chain_newest_first_and_as_a_story(self, web, maja, company):
        one = make_activity(maja, company, days_ago=9, text="Prva beseda")
        two = make_activity(maja, company, days_ago=5, follows=one.reference)
        grave = make_activity(maja, company, days_ago=7, follows=one.reference)
        delete_activity(context=acting(maja), reference=grave.reference)
        url = record_url(two, "links")
        newest = body(web.get(url, headers=ASIDE))
        where = [
            newest.index(f'id="member-{two.reference}"'),
            newest.index(f'<span class="ref">{grave.reference}'),
            newest.index(f'id="member-{one.reference}"'),
        ]
        assert where == sorted(where)
        assert "Prva beseda" in newest
        story = body(web.get(url, {"order": "story"}, headers=ASIDE))
        assert story.index(f"member-{one.reference}") < story.index(
            f"member-{two.reference}"
        )

    def test_confidential_first_lines_stay_hidden(self, web, maja, company):
        holder = make_user(may_see_confidential=True, role=Role.MANAGER)
        one = make_activity(maja, company, owner=holder.pk)
        add_entry(
            context=acting(holder),
            reference=one.reference,
            text="skrivnost",
            confidential=True,
        )
        assert Entry.objects.exists()
        assert "skrivnost" not in body(web.get(record_url(one, "links"), headers=ASIDE))

    def test_split_is_offered_to_who_may(self, web, maja, company):
        one = make_activity(maja, company)
        two = make_activity(maja, company, follows=one.reference)
        split = reverse("split", kwargs={"id": Link.objects.get().pk})
        url = record_url(two, "links")
        assert split in body(web.get(url, headers=ASIDE))
        colleague = signed_in(make_user(team=maja.team))
        assert split not in body(colleague.get(url, headers=ASIDE))
        reader = signed_in(make_user(team=maja.team, role=Role.READER))
        assert split not in body(reader.get(url, headers=ASIDE))

    def test_invisible(self, stranger, maja, company):
        one = make_activity(maja, company)
        assert stranger.get(record_url(one, "links")).status_code == 404


class TestSplitAndTakeOut:
    def test_split_and_undo(self, web, maja, company):
        one = make_activity(maja, company)
        two = make_activity(maja, company, follows=one.reference)
        url = reverse("split", kwargs={"id": Link.objects.get().pk})
        said = saved_event(web.post(url, {"reference": two.reference}, headers=PIECE))
        assert said["reference"] == two.reference
        assert not Link.objects.exists()
        web.post(said["undo_url"], headers=PIECE)
        assert Link.objects.exists()

    def test_split_by_others(self, reader, stranger, maja, company):
        one = make_activity(maja, company)
        make_activity(maja, company, follows=one.reference)
        url = reverse("split", kwargs={"id": Link.objects.get().pk})
        colleague = signed_in(make_user(team=maja.team))
        assert colleague.post(url).status_code == 403
        assert reader.post(url).status_code == 403
        assert stranger.post(url).status_code == 404
        assert colleague.get(url).status_code == 405
        assert Link.objects.exists()

    def test_take_out_and_undo(self, web, maja, company):
        one = make_activity(maja, company)
        two = make_activity(maja, company, follows=one.reference)
        three = make_activity(maja, company, follows=two.reference)
        said = saved_event(web.post(record_url(two, "take_out"), headers=PIECE))
        link = Link.objects.get()
        assert (link.follow_up, link.stimulus) == (three, one)
        web.post(said["undo_url"], headers=PIECE)
        assert Link.objects.count() == 2

    def test_take_out_of_nothing(self, web, maja, company):
        one = make_activity(maja, company)
        response = web.post(record_url(one, "take_out"), headers=PIECE)
        assert response.status_code == 409
        assert b"data-error-piece" in response.content

    def test_move_to_another_company(self, web, reader, maja, company):
        one = make_activity(maja, company)
        two = make_activity(maja, company, follows=one.reference)
        other = make_company("Druga", owner=maja)
        url = record_url(two, "move")
        assert reader.post(url, {"company": other.pk}).status_code == 403
        assert web.post(url, {}, headers=PIECE).status_code == 422
        said = saved_event(web.post(url, {"company": other.pk}, headers=PIECE))
        two.refresh_from_db()
        assert two.company == other
        web.post(said["undo_url"], headers=PIECE)
        two.refresh_from_db()
        assert two.company == company
        assert Link.objects.exists()


class TestUndo:
    def test_without_script_leads_to_the_record(self, web, maja, company):
        one, other = make_activity(maja, company), make_activity(maja, company)
        linked = link_activities(
            context=acting(maja, timezone.now()),
            follow_up=one.reference,
            stimulus=other.reference,
        )
        url = reverse("undo", kwargs={"id": linked.change.pk})
        response = web.post(url)
        assert response["Location"] == record_url(one)

    def test_undoing_twice_is_said(self, web, maja, company):
        one, other = make_activity(maja, company), make_activity(maja, company)
        said = saved_event(
            web.post(record_url(one, "link"), {"other": other.reference}, headers=PIECE)
        )
        web.post(said["undo_url"], headers=PIECE)
        again = web.post(said["undo_url"], headers=PIECE)
        assert again.status_code == 409
        assert b"data-error-piece" in again.content

    def test_others_may_not(self, stranger, web, maja, company):
        one, other = make_activity(maja, company), make_activity(maja, company)
        said = saved_event(
            web.post(record_url(one, "link"), {"other": other.reference}, headers=PIECE)
        )
        assert stranger.post(said["undo_url"]).status_code == 404
        colleague = signed_in(make_user(team=maja.team))
        assert colleague.post(said["undo_url"]).status_code == 403
        assert web.get(said["undo_url"]).status_code == 405
        assert Link.objects.exists()


class TestStatements:
    """Linking and its panels cost the same in a chain of 3 and of 40."""

    @pytest.fixture
    def chain(self, maja, company):
        first = make_activity(maja, company)
        for _ in range(40):
            make_activity(maja, company, follows=first.reference, days_ago=0.5)
        return first

    def pinned(self, name: str) -> int:
        return json.loads(COUNTS.read_text())[name]

    @pytest.mark.parametrize("name", ["link", "links"])
    def test_panels(self, web, chain, name):
        web.get(record_url(chain))
        with CaptureQueriesContext(connection) as seen:
            web.get(record_url(chain, name), headers=ASIDE)
        assert len(seen) == self.pinned(f"panel:{name}")

    def test_link_and_undo(self, web, maja, company, chain):
        one = make_activity(maja, company)
        web.get(record_url(chain))
        data = {"other": chain.reference, "direction": "follow_up"}
        with CaptureQueriesContext(connection) as seen:
            said = saved_event(web.post(record_url(one, "link"), data, headers=PIECE))
        assert real(seen) == self.pinned("link") <= 20
        with CaptureQueriesContext(connection) as seen:
            web.post(said["undo_url"], headers=PIECE)
        assert real(seen) == self.pinned("undo") <= 20

    @pytest.mark.parametrize("name", ["events", "quotes"])
    def test_new_form(self, web, company, chain, name):
        url = reverse(f"{name}:new")
        web.get(url, {"company": company.pk})
        with CaptureQueriesContext(connection) as seen:
            web.get(url, {"company": company.pk})
        assert len(seen) == self.pinned("new") <= 12


def real(seen) -> int:
    """Return how many statements there were, without those of transactions."""
    words = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
    return sum(not query["sql"].startswith(words) for query in seen)
