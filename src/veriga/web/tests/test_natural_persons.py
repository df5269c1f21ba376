"""A natural person is nowhere for those without the right: every page, piece, form."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity, Entry
from veriga.activities.services import delete_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.events.services import create_gathering
from veriga.parties.models import Company
from veriga.parties.services import activation, add_position, share_company
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.services import install_code_lists
from veriga.work.services.companies import update_company
from veriga.work.services.recording import move_with_changes

from .clients import signed_in
from .hunting import WORD, addresses, read_pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> User:
    """The one with the right, who looks after the person."""
    install_code_lists()
    return make_user(
        "Vida Direktor", team=make_team(), role=Role.MANAGER, may_see_persons=True
    )


@pytest.fixture
def people(keeper: User) -> list[User]:
    """Those who would see it otherwise: all, as a colleague, by a share."""
    return [
        make_user("Vse Vidi", role=Role.MANAGER, scope=Scope.ALL),
        make_user("Iz Ekipe", team=keeper.team, may_activate=True),
        make_user("Deljeno", team=make_team(), scope=Scope.OWN),
    ]


@pytest.fixture
def firm(keeper: User) -> Company:
    return make_company("Alpina Pak, d. o. o.", owner=keeper)


@pytest.fixture
def person(
    keeper: User, people: list[User], firm: Company, settings, tmp_path
) -> Company:
    """A company with all that there can be, which then becomes a natural person."""
    settings.FILES = tmp_path
    now = timezone.now()
    context = acting(keeper, now)
    one = make_company(f"{WORD} Novak", owner=keeper, notes=f"{WORD} piše")
    update_company(context=context, company_id=firm.pk, parent_id=one.pk)
    own = make_contact(one, first_name=WORD)
    guest = make_contact(firm, first_name="Janez", last_name="Odprti")
    add_position(
        context=context, contact_id=guest.pk, company_id=one.pk, function=f"{WORD} šef"
    )
    for user in people:
        share_company(context=context, company_id=one.pk, user_id=user.pk)
        share_company(context=context, company_id=firm.pk, user_id=user.pk)
    first = make_activity(
        keeper,
        one,
        now=now,
        title=f"{WORD} obisk",
        text=f"{WORD} pravi",
        contacts=[own.pk, guest.pk],
        participants=[user.pk for user in people],
    )
    follows = first.reference
    make_activity(people[1], one, "task", now=now, follows=follows, title=f"{WORD} ena")
    make_activity(keeper, one, "quote", now=now, follows=follows, title=f"{WORD} dve")
    gone = make_activity(people[1], one, "task", now=now, title=f"{WORD} proč")
    delete_activity(context=context, reference=str(gone.reference))
    moved = make_activity(people[1], one, "task", now=now, title="Odšla drugam")
    move_with_changes(
        context=context, reference=str(moved.reference), company_id=firm.pk, changes={}
    )
    create_gathering(
        context=context,
        values={
            "title": "Dan odprtih vrat",
            "starts_at": now + timedelta(days=9),
            "owner": people[1].pk,
        },
        company_ids=[one.pk, firm.pk],
    )
    activation.ask_activation(
        context=context, company_id=one.pk, user_id=people[1].pk, message=f"{WORD}!"
    )
    web = signed_in(keeper)
    for address in (f"/companies/{one.pk}/", f"/activities/{first.reference}/"):
        file = SimpleUploadedFile(f"{WORD}.txt", WORD.encode())
        answer = web.post(f"{address}attachments/", {"file": [file]})
        assert answer.status_code == 302
    return update_company(context=context, company_id=one.pk, kind="natural_person")


def test_no_page_tells_anything(keeper, people, firm, person):
    assert WORD in signed_in(keeper).get(f"/companies/{person.pk}/").content.decode()
    told = set()
    own = set(
        Activity.objects.filter(company=person).values_list("reference", flat=True)
    )
    paths = addresses(*Entry.objects.values_list("pk", flat=True))
    assert len(own) == 5 and len(paths) > 200
    for user in people:
        for asked, (status, text, headers) in read_pages(
            signed_in(user), paths
        ).items():
            assert status < 500, asked
            # What was asked for comes back: the word searched for, a number typed.
            address = str(asked)
            words = own if "?q=" in address else own | {WORD}
            told |= {
                (user.name, address, word)
                for word in words
                if word not in address and word in f"{text} {headers}"
            }
    assert not told


def test_its_addresses_are_not_found(people, person):
    first = Activity.objects.filter(company=person, deleted_at=None).first()
    assert first is not None
    for user in people:
        web = signed_in(user)
        for path in (f"/companies/{person.pk}/", f"/activities/{first.reference}/"):
            assert web.get(path).status_code == 404
            assert web.post(f"{path}edit/", {"name": "Moje"}).status_code == 404


class TestForms:
    def test_the_kind_is_offered_to_those_with_the_right(self, keeper, people, firm):
        choice = '<option value="natural_person"'
        for path in ("/companies/new/", "/companies/", f"/companies/{firm.pk}/edit/"):
            assert choice in signed_in(keeper).get(path).content.decode()
            assert choice not in signed_in(people[0]).get(path).content.decode()

    def test_nor_does_it_take_it_typed_by_hand(self, people):
        web = signed_in(people[0])
        answer = web.post(
            "/companies/new/", {"name": "Ana Novak", "kind": "natural_person"}
        )
        assert answer.status_code == 422
        assert "izgubil" in answer.content.decode()
        assert "Ana Novak" in answer.content.decode()
        assert not Company.objects.filter(name="Ana Novak").exists()

    def test_who_sees_none_does_not_look_after_one(self, keeper, people, person):
        answer = signed_in(keeper).post(
            f"/companies/{person.pk}/edit/",
            {"account_owner_id": people[0].pk, "row_version": person.row_version},
        )
        assert answer.status_code == 422
        assert "Vse Vidi ne sme" in answer.content.decode()

    def test_an_administrator_gives_the_right(self, people, person):
        boss = signed_in(make_user(role=Role.ADMINISTRATOR))
        one = people[0]
        answer = boss.post(
            f"/users/{one.pk}/",
            {"may_see_persons": "on", "row_version": one.row_version},
        )
        assert answer.status_code == 302
        page = signed_in(one).get(f"/companies/{person.pk}/")
        assert WORD in page.content.decode()
