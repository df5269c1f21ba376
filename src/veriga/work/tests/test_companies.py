"""A company's new name or owner reaches its activities; what has any stays."""

from __future__ import annotations

from typing import Any

import pytest

from veriga.access.rules import Role
from veriga.access.tests.factories import acting, make_team, make_user
from veriga.activities.services import delete_activity
from veriga.activities.tests.factories import make_activity
from veriga.common.errors import Conflict, NotAllowed, NotFound
from veriga.parties.models import Company, Contact
from veriga.parties.services import delete_company, delete_contact
from veriga.parties.tests.factories import make_company, make_contact
from veriga.work.services.companies import update_company

pytestmark = pytest.mark.django_db


class TestUpdateCompany:
    def test_activities_follow(self) -> None:
        owner, heir = make_user(team=make_team()), make_user(team=make_team())
        company = make_company("Alfa", owner=owner)
        activity = make_activity(owner, company)
        update_company(
            context=acting(owner),
            company_id=company.pk,
            expected_version=1,
            name="Čaj",
            account_owner_id=heir.pk,
        )
        activity.refresh_from_db()
        assert (
            activity.company_key,
            activity.company_team_id,
            activity.company_owner_id,
        ) == ("c~aj", heir.team_id, heir.pk)

    def test_those_of_other_companies_do_not(self) -> None:
        user = make_user()
        other = make_activity(user, make_company("Beta", owner=user))
        company = make_company("Alfa", owner=user)
        update_company(context=acting(user), company_id=company.pk, name="Gama")
        other.refresh_from_db()
        assert other.company_key == "beta"

    def test_other_changes_touch_no_activity(
        self, django_assert_max_num_queries: Any
    ) -> None:
        user = make_user()
        company = make_company(owner=user)
        with django_assert_max_num_queries(5):  # savepoint, lock, save, history
            update_company(context=acting(user), company_id=company.pk, street="Nova 1")

    def test_a_stale_form_is_refused(self) -> None:
        user = make_user()
        company = make_company(owner=user)
        with pytest.raises(Conflict):
            update_company(
                context=acting(user),
                company_id=company.pk,
                expected_version=7,
                name="X",
            )

    def test_readers_may_not_and_strangers_do_not_find_it(self) -> None:
        reader = make_user(role=Role.READER)
        company = make_company(owner=reader)
        with pytest.raises(NotAllowed):
            update_company(context=acting(reader), company_id=company.pk, name="X")
        with pytest.raises(NotFound):
            update_company(context=acting(make_user()), company_id=company.pk, name="X")


class TestWhatHasActivities:
    def test_a_company_stays(self) -> None:
        user = make_user()
        company = make_company(owner=user)
        make_activity(user, company)
        with pytest.raises(Conflict) as error:
            delete_company(context=acting(user), company_id=company.pk)
        assert error.value.code == "company_in_use"
        assert Company.objects.filter(pk=company.pk).exists()

    def test_even_one_whose_only_activity_was_deleted(self) -> None:
        user = make_user()
        company = make_company(owner=user)
        activity = make_activity(user, company)
        delete_activity(context=acting(user), reference=activity.reference)
        with pytest.raises(Conflict):
            delete_company(context=acting(user), company_id=company.pk)

    def test_a_contact_stays(self) -> None:
        user = make_user()
        company = make_company(owner=user)
        contact, other = make_contact(company), make_contact(company)
        activity = make_activity(user, company, contacts=[contact.pk])
        with pytest.raises(Conflict) as error:
            delete_contact(context=acting(user), contact_id=contact.pk)
        assert error.value.code == "company_in_use"
        assert list(activity.contacts.all()) == [contact]
        delete_contact(context=acting(user), contact_id=other.pk)
        assert list(Contact.objects.all()) == [contact]
