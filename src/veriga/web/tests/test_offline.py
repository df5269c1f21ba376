"""What a device may keep, whose it is, and a note that comes more than once."""

from __future__ import annotations

import json
import re
import threading
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.services import update_user
from veriga.access.tests.factories import acting, make_user
from veriga.activities.models import Activity, Entry
from veriga.activities.tests.factories import make_activity
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.preferences import forget_preferences
from veriga.web.offline import KEEP, offline_mark

from .clients import PIECE, WINDOW, signed_in

pytestmark = pytest.mark.django_db
NOTE = {"X-Veriga-Note": "1"}


def typed(at: Company, key: str, **changes: str) -> dict[str, str]:
    values = {
        "company": str(at.pk),
        "what": "event:visit",
        "title": "V kleti",
        "text": "Dogovorili smo se.",
        "day": timezone.localdate().isoformat(),
        "hour": "00:05",
        "note_key": key,
    }
    return {**values, **changes}


class TestTheManifest:
    def test_names_icons_start_and_shortcuts_in_both_languages(self) -> None:
        for language, desk in (("sl", "Delovna miza"), ("en", "Desk")):
            answer = Client().get(f"/manifest-{language}.webmanifest")
            assert answer["Content-Type"] == "application/manifest+json"
            assert "max-age" in answer["Cache-Control"]
            told = answer.json()
            assert told["start_url"] == "/desk/"
            assert told["display"] == "standalone"
            assert {(one["sizes"], one["purpose"]) for one in told["icons"]} == {
                (size, use)
                for size in ("192x192", "512x512")
                for use in ("any", "maskable")
            }
            assert desk in [one["name"] for one in told["shortcuts"]]
        assert Client().get("/manifest-de.webmanifest").status_code == 404

    def test_is_named_by_every_page(self, web: Client) -> None:
        for client, place in ((web, "/desk/"), (Client(), "/accounts/login/")):
            html = client.get(place).content.decode()
            assert 'rel="manifest" href="/manifest-sl.webmanifest"' in html
            assert 'rel="apple-touch-icon"' in html
            assert 'name="theme-color"' in html


class TestTheWorker:
    def test_is_served_at_the_root_and_never_from_memory(self) -> None:
        answer = Client().get("/worker.js")
        assert answer["Service-Worker-Allowed"] == "/"
        assert answer["Cache-Control"] == "no-cache"
        assert answer["Content-Type"].startswith("text/javascript")
        known = json.loads(
            re.match(r"const KNOWN = (.+);\n", answer.content.decode())[1]  # type: ignore[index]
        )
        assert known["version"]
        assert Client().post("/worker.js").status_code == 405

    def test_the_page_in_place_of_others_says_nothing_of_anybody(self) -> None:
        for language, title in (("sl", "Ni povezave"), ("en", "No connection")):
            html = Client().get(f"/offline/{language}/").content.decode()
            assert title in html
            assert 'name="offline"' not in html

    def test_what_it_asks_is_for_whoever_is_signed_in(self) -> None:
        for place in ("/offline/state/", "/offline/companies/"):
            assert Client().get(place).status_code == 302


class TestWhatMayBeKept:
    def test_the_server_names_the_pages(
        self, web: Client, maja: User, company: Company
    ) -> None:
        reference = make_activity(maja, company).reference
        for place, kind in (
            ("/desk/", "desk"),
            ("/calendar/?view=day", "calendar"),
            (f"/companies/{company.pk}/", "company"),
            (f"/companies/{company.pk}/?tab=chains", "company"),
            (f"/activities/{reference}/", "record"),
            (f"/activities/{reference}/chain/?view=story", "chain"),
            ("/quick/", "form"),
        ):
            assert web.get(place)[KEEP] == f"{kind} {offline_mark(maja)}", place
        window = web.get(f"/activities/{reference}/", headers=WINDOW)
        assert window[KEEP].startswith("record ")

    def test_nothing_else_is_named(
        self, web: Client, maja: User, company: Company
    ) -> None:
        reference = make_activity(maja, company).reference
        for place in (
            "/me/", "/companies/", "/contacts/", "/tasks/new/", "/quick/?company=1000",
            f"/activities/{reference}/edit/", f"/activities/{reference}/?panel=link",
            f"/companies/{company.pk}/edit/", "/export/companies.csv", "/notices/",
        ):  # fmt: skip
            assert KEEP not in web.get(place), place
        assert KEEP not in web.get(f"/companies/{company.pk}/", headers=PIECE)
        poll = {"X-Veriga-Poll": "1", **PIECE}
        assert KEEP not in web.get("/desk/", headers=poll)

    def test_confidential_entries_stay_on_the_server(
        self, maja: User, company: Company
    ) -> None:
        maja.may_see_confidential = True
        maja.save()
        activity = make_activity(maja, company)
        Entry.objects.create(
            activity=activity, author=maja, text="Zaupno.", is_confidential=True,
            made_at=timezone.now(),
        )  # fmt: skip
        answer = signed_in(maja).get(f"/activities/{activity.reference}/")
        assert "Zaupno." in answer.content.decode()
        assert KEEP not in answer

    def test_the_mark_is_of_one_person_and_of_their_password_and_rights(
        self, maja: User
    ) -> None:
        mark = offline_mark(maja)
        owner = mark.split(".")[0]
        assert offline_mark(make_user()).split(".")[0] != owner
        admin = make_user(role=Role.ADMINISTRATOR, scope=Scope.ALL)
        changed = update_user(context=acting(admin), user_id=maja.pk, scope=Scope.OWN)
        assert offline_mark(changed) != mark
        assert offline_mark(changed).startswith(f"{owner}.")
        maja.set_password("druga-veriga-drži-8")
        assert offline_mark(maja) != mark


class TestSwitchingItOff:
    def test_by_the_user(self, web: Client, maja: User) -> None:
        answer = web.post("/offline/keep/", {})
        assert answer["Location"] == "/me/#offline-choice"
        maja.refresh_from_db()
        assert not maja.keeps_offline
        page = web.get("/desk/")
        assert KEEP not in page
        assert '<meta name="offline" content="">' in page.content.decode()
        assert web.get("/offline/state/").json()["mark"] == ""
        assert web.get("/offline/companies/").json() == {"companies": []}
        web.post("/offline/keep/", {"keeps_offline": "on"})
        assert KEEP in web.get("/desk/")

    def test_by_an_administrator_for_everybody(self, web: Client) -> None:
        admin = signed_in(make_user(role=Role.ADMINISTRATOR, scope=Scope.ALL))
        assert web.get("/settings/offline/").status_code == 403
        assert web.post("/settings/offline/").status_code == 403
        assert "checked" in admin.get("/settings/offline/").content.decode()
        assert admin.post("/settings/offline/", {}).status_code == 302
        assert KEEP not in web.get("/desk/")
        html = web.get("/me/").content.decode()
        assert "Administrator je to izklopil" in html
        admin.post("/settings/offline/", {"keeps_offline": "on"})
        assert KEEP in web.get("/desk/")
        forget_preferences()


class TestTheCompaniesOnADevice:
    def test_are_ones_own_and_those_opened_with_their_contacts(
        self, web: Client, maja: User, company: Company
    ) -> None:
        colleague = make_user(team=maja.team)
        opened = make_company("Odprta d.o.o.", owner=colleague)
        make_company("Neodprta d.o.o.", owner=colleague)
        hidden = make_company("Tuja d.o.o.", owner=make_user(scope=Scope.OWN))
        person = make_contact(company, first_name="Sonja", last_name="Kralj")
        asked = (
            f"/offline/companies/?opened={opened.pk},{hidden.pk},x,9999999999999999999"
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            found = web.get(asked).json()["companies"]
        assert [one[0] for one in found] == [company.pk, opened.pk]
        assert found[0][3] == [[person.pk, "Sonja Kralj", person.function]]
        assert len(queries) <= 6

    def test_the_list_does_not_grow_with_the_statements(
        self, web: Client, maja: User, company: Company
    ) -> None:
        for number in range(5):
            make_contact(make_company(f"Stranka {number}", owner=maja))
        with CaptureQueriesContext(connection) as queries:
            assert len(web.get("/offline/companies/").json()["companies"]) == 6
        assert len(queries) <= 6


class TestANoteThatComesMoreThanOnce:
    def test_is_saved_once_and_answered_each_time(
        self, web: Client, company: Company
    ) -> None:
        data = typed(company, str(uuid4()))
        first = web.post("/quick/", data, headers=NOTE)
        again = web.post("/quick/", data, headers=NOTE)
        assert first.json() == again.json()
        reference = first.json()["reference"]
        assert first.json()["address"] == f"/activities/{reference}/"
        assert reference in first.json()["text"]
        # The form itself, whose answer was lost, is the same note.
        form = web.post("/quick/", data, headers=PIECE)
        assert reference in form["HX-Trigger"]
        assert Activity.objects.count() == 1

    def test_the_key_of_a_header_counts_like_that_of_the_form(
        self, web: Client, company: Company
    ) -> None:
        key = str(uuid4())
        web.post("/quick/", typed(company, key), headers=NOTE)
        bare = typed(company, "")
        web.post("/quick/", bare, headers={**NOTE, "Idempotency-Key": key})
        assert Activity.objects.count() == 1

    def test_another_text_under_its_key_is_refused_and_told_where_it_is(
        self, web: Client, company: Company
    ) -> None:
        key = str(uuid4())
        first = web.post("/quick/", typed(company, key), headers=NOTE).json()
        other = typed(company, key, title="Drugače")
        refused = web.post("/quick/", other, headers=NOTE)
        assert refused.status_code == 422
        assert first["reference"] in refused.json()["text"]
        html = web.post("/quick/", other, headers=PIECE)
        assert html.status_code == 422
        assert first["reference"] in html.content.decode()
        assert Activity.objects.count() == 1

    def test_another_users_key_is_another_key(
        self, web: Client, maja: User, company: Company
    ) -> None:
        key = str(uuid4())
        web.post("/quick/", typed(company, key), headers=NOTE)
        colleague = signed_in(make_user(team=maja.team))
        colleague.post("/quick/", typed(company, key), headers=NOTE)
        assert Activity.objects.count() == 2

    def test_what_is_refused_may_come_again_under_its_key(
        self, web: Client, company: Company
    ) -> None:
        key = str(uuid4())
        bad = typed(company, key, day="včeraj")
        refused = web.post("/quick/", bad, headers=NOTE)
        assert refused.status_code == 422
        assert refused.json()["text"]
        assert web.post("/quick/", typed(company, key), headers=NOTE).status_code == 200
        assert Activity.objects.count() == 1

    def test_a_company_no_longer_seen_and_a_reader_are_told_in_words(
        self, company: Company
    ) -> None:
        stranger = signed_in(make_user(scope=Scope.OWN))
        answer = stranger.post("/quick/", typed(company, str(uuid4())), headers=NOTE)
        assert answer.status_code == 404
        assert answer.json()["text"]
        reader = signed_in(make_user(role=Role.READER, team=company.team))
        answer = reader.post("/quick/", typed(company, str(uuid4())), headers=NOTE)
        assert answer.status_code == 403
        assert answer.json()["text"]
        assert not Activity.objects.exists()

    def test_a_key_that_is_none_is_refused(self, web: Client, company: Company) -> None:
        for key in ("x" * 300, "\x07"):
            answer = web.post("/quick/", typed(company, key), headers=NOTE)
            assert answer.status_code == 422
        assert not Activity.objects.exists()

    def test_contacts_of_the_note_are_saved(
        self, web: Client, company: Company
    ) -> None:
        person = make_contact(company)
        data = {**typed(company, str(uuid4())), "contacts": str(person.pk)}
        reference = web.post("/quick/", data, headers=NOTE).json()["reference"]
        activity = Activity.objects.get(reference=reference)
        html = web.get(f"/activities/{activity.reference}/").content.decode()
        assert person.last_name in html


@pytest.mark.django_db(transaction=True)
def test_two_that_come_at_the_same_time_are_one(maja: User, company: Company) -> None:
    data = typed(company, str(uuid4()))
    clients = [signed_in(maja) for _ in range(4)]
    ready = threading.Barrier(len(clients))
    answers = []

    def send(client: Client) -> None:
        ready.wait()
        answers.append(client.post("/quick/", data, headers=NOTE))
        connections.close_all()

    threads = [threading.Thread(target=send, args=(one,)) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert Activity.objects.count() == 1
