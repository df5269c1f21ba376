"""People from elsewhere at an event, who are nobody's contacts."""

from __future__ import annotations

import pytest
from django.utils import timezone

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_user
from veriga.activities.models import Activity
from veriga.activities.services import update_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import Invalid
from veriga.events.models import EventDetail
from veriga.parties.models import Contact

from .clients import signed_in

pytestmark = pytest.mark.django_db
ARCHITECT = {"name": "Ivo Arh", "firm": "Biro Arh", "text": "projektant"}


def typed(company, *guests, **more):
    """Return a form with these people, and two rows left blank."""
    rows = [*guests, ("", "", ""), ("", "", "")]
    return {
        "company": company.pk,
        "title": "Sestanek",
        "type": "meeting",
        "starts_on": timezone.localdate().isoformat(),
        "starts_time": "10:00",
        "owner": company.account_owner_id,
        **{
            f"guest_{name}": [row[place] for row in rows]
            for place, name in enumerate(("name", "firm", "text"))
        },
        **more,
    }


class TestService:
    def test_they_are_kept_tidied_and_no_contacts_arise(self, maja, company):
        make_activity(maja, company, guests=[ARCHITECT, {"name": "  Eva   Kos "}])
        assert EventDetail.objects.get().guests == [
            ARCHITECT,
            {"name": "Eva Kos", "firm": "", "text": ""},
        ]
        assert not Contact.objects.exists()

    def test_what_is_not_named_stays(self, maja, company):
        one = make_activity(maja, company, guests=[ARCHITECT])
        update_activity(
            context=acting(maja), reference=one.reference, changes={"place": "Celje"}
        )
        assert EventDetail.objects.get().guests == [ARCHITECT]

    @pytest.mark.parametrize(
        ("guest", "field", "code"),
        [
            ({"firm": "Biro"}, "name", "required"),
            ({"name": "x" * 121}, "name", "too_long"),
            ({"name": "Ivo", "text": "x" * 201}, "text", "too_long"),
            ({"name": "Ivo", "firm": "a\x00"}, "firm", "control_characters"),
        ],
    )
    def test_wrong_ones_are_refused(self, maja, company, guest, field, code):
        with pytest.raises(Invalid) as refused:
            make_activity(maja, company, guests=[ARCHITECT, guest])
        told = [(e.field, e.code) for e in refused.value.errors]
        assert told == [(f"guests.1.{field}", code)]
        assert not Activity.objects.exists()

    def test_there_may_be_a_hundred(self, maja, company):
        make_activity(maja, company, guests=[ARCHITECT] * 100)
        with pytest.raises(Invalid, match="too_many"):
            make_activity(maja, company, guests=[ARCHITECT] * 101)


class TestForm:
    def test_they_are_saved_shown_and_taken_away(self, maja, company):
        web = signed_in(maja)
        answer = web.post("/events/new/", typed(company, tuple(ARCHITECT.values())))
        assert answer.status_code == 302
        page = web.get(answer["Location"]).content.decode()
        assert "Ivo Arh" in page
        assert "Biro Arh · projektant" in page
        form = web.get(f"{answer['Location']}edit/").content.decode()
        assert 'value="Biro Arh"' in form
        web.post(f"{answer['Location']}edit/", typed(company, row_version=1))
        assert EventDetail.objects.get().guests == []

    def test_a_firm_without_a_name_comes_back_as_typed(self, maja, company):
        answer = signed_in(maja).post(
            "/events/new/", typed(company, ("Eva", "", ""), ("", "Biro", ""))
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'id="error_guest_1_name"' in page
        assert 'value="Biro"' in page
        assert not Activity.objects.exists()

    def test_a_form_that_does_not_show_them_keeps_them(self, maja, company):
        one = make_activity(maja, company, guests=[ARCHITECT])
        signed_in(maja).post(
            f"/activities/{one.reference}/edit/", {"title": "Drugo", "row_version": 1}
        )
        one.refresh_from_db()
        assert one.title == "Drugo"
        assert EventDetail.objects.get().guests == [ARCHITECT]

    def test_others(self, maja, company):
        one = make_activity(maja, company, guests=[ARCHITECT])
        path = f"/activities/{one.reference}/edit/"
        data = typed(company, row_version=1)
        reader = signed_in(make_user(role=Role.READER, team=maja.team))
        assert reader.post(path, data).status_code == 403
        stranger = signed_in(make_user(scope=Scope.OWN))
        assert stranger.post(path, data).status_code == 404
        assert EventDetail.objects.get().guests == [ARCHITECT]
