"""Making, changing and deleting contacts."""

from __future__ import annotations

import pytest

from veriga.access.rules import Role
from veriga.access.tests.factories import NOW, acting, make_team, make_user
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.history.queries import list_changes
from veriga.parties.models import Contact
from veriga.parties.services import create_contact, delete_contact, update_contact

from .factories import make_company, make_contact

pytestmark = pytest.mark.django_db

BAD_INPUT = [
    ("last_name", "", "required"),
    ("last_name", "x" * 61, "too_long"),
    ("first_name", "x" * 61, "too_long"),
    ("first_name", "a\x00", "control_characters"),
    ("function", "x" * 81, "too_long"),
    ("phone", 7, "wrong_type"),
    ("mobile", "1" * 41, "too_long"),
    ("email", "maja", "not_an_email"),
    ("note", "x" * 10_001, "too_long"),
    ("note", "a\x00", "control_characters"),
    ("company", 1, "unknown_field"),
]


class TestCreateContact:
    def test_it_works(self) -> None:
        user = make_user()
        company = make_company(owner=user)
        contact = create_contact(
            context=acting(user),
            company_id=company.pk,
            first_name=" Maja ",
            last_name="Čeh",
            function="Vodja nabave",
            phone="01 222 33 44",
            mobile="040 123 456",
            email="maja@alfa.si",
            note=" Prva vrstica\nDruga vrstica ",
        )
        contact.refresh_from_db()
        assert (contact.name, contact.name_key, contact.name_folded) == (
            "Maja Čeh",
            "c~eh maja",
            "ceh maja",
        )
        assert contact.note == "Prva vrstica\nDruga vrstica"
        assert (contact.created_by, contact.created_at) == (user, NOW)
        (line,) = list_changes("contact", contact.pk)
        assert line.changes == {"name": [None, "Maja Čeh"]}

    def test_a_last_name_is_enough(self) -> None:
        user = make_user()
        company = make_company(owner=user)
        contact = create_contact(
            context=acting(user), company_id=company.pk, last_name="Novak"
        )
        assert contact.name == "Novak"

    def test_of_another_team_the_company_is_not_found(self) -> None:
        company = make_company(owner=make_user(team=make_team()))
        with pytest.raises(NotFound):
            create_contact(
                context=acting(make_user(team=make_team())),
                company_id=company.pk,
                last_name="Novak",
            )

    def test_readers_may_not(self) -> None:
        reader = make_user(role=Role.READER)
        company = make_company(owner=reader)
        with pytest.raises(NotAllowed):
            create_contact(
                context=acting(reader), company_id=company.pk, last_name="Novak"
            )

    @pytest.mark.parametrize(("field", "value", "code"), BAD_INPUT)
    def test_bad_input_is_refused(self, field: str, value: object, code: str) -> None:
        user = make_user()
        company = make_company(owner=user)
        with pytest.raises(Invalid) as error:
            create_contact(
                context=acting(user),
                company_id=company.pk,
                **{"last_name": "Novak", field: value},
            )
        assert [(e.field, e.code) for e in error.value.errors] == [(field, code)]
        assert not Contact.objects.exists()


class TestUpdateContact:
    def test_it_works(self) -> None:
        user = make_user()
        contact = make_contact(make_company(owner=user), last_name="Čeh")
        update_contact(
            context=acting(user),
            contact_id=contact.pk,
            expected_version=1,
            last_name="Žagar",
            function="Direktor",
        )
        contact.refresh_from_db()
        assert (contact.name_key, contact.name_folded) == ("z~agar maja", "zagar maja")
        assert contact.row_version == 2
        (line,) = list_changes("contact", contact.pk)
        assert set(line.changes) == {"last_name", "function"}

    def test_nothing_new_changes_nothing(self) -> None:
        user = make_user()
        contact = make_contact(make_company(owner=user), last_name="Čeh")
        update_contact(context=acting(user), contact_id=contact.pk, last_name="Čeh")
        contact.refresh_from_db()
        assert contact.row_version == 1

    def test_a_stale_form_is_refused(self) -> None:
        user = make_user()
        contact = make_contact(make_company(owner=user))
        with pytest.raises(Conflict) as error:
            update_contact(
                context=acting(user), contact_id=contact.pk, expected_version=2
            )
        assert error.value.code == "stale"

    def test_of_another_team_it_is_not_found(self) -> None:
        contact = make_contact(make_company(owner=make_user(team=make_team())))
        with pytest.raises(NotFound):
            update_contact(
                context=acting(make_user(team=make_team())),
                contact_id=contact.pk,
                note="x",
            )

    def test_readers_may_not(self) -> None:
        reader = make_user(role=Role.READER)
        contact = make_contact(make_company(owner=reader))
        with pytest.raises(NotAllowed):
            update_contact(context=acting(reader), contact_id=contact.pk, note="x")

    @pytest.mark.parametrize(("field", "value", "code"), BAD_INPUT)
    def test_bad_input_is_refused(self, field: str, value: object, code: str) -> None:
        user = make_user()
        contact = make_contact(make_company(owner=user))
        with pytest.raises(Invalid) as error:
            update_contact(
                context=acting(user), contact_id=contact.pk, **{field: value}
            )
        assert [(e.field, e.code) for e in error.value.errors] == [(field, code)]


class TestDeleteContact:
    def test_it_works(self) -> None:
        user = make_user()
        contact = make_contact(make_company(owner=user), last_name="Čeh")
        delete_contact(context=acting(user), contact_id=contact.pk)
        assert not Contact.objects.exists()
        (line,) = list_changes("contact", contact.pk)
        assert line.changes == {"name": ["Maja Čeh", None]}

    def test_of_another_team_it_is_not_found(self) -> None:
        contact = make_contact(make_company(owner=make_user(team=make_team())))
        with pytest.raises(NotFound):
            delete_contact(
                context=acting(make_user(team=make_team())), contact_id=contact.pk
            )

    def test_readers_may_not(self) -> None:
        reader = make_user(role=Role.READER)
        contact = make_contact(make_company(owner=reader))
        with pytest.raises(NotAllowed):
            delete_contact(context=acting(reader), contact_id=contact.pk)
