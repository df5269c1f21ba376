"""`@name` in a text, and being made owner or participant: who is told, and who not."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import pytest
from django.test import Client

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope, Source
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity, Entry
from veriga.activities.rules.mentions import Mentions, find_mentions
from veriga.activities.rules.repeats import Repeat, Unit
from veriga.activities.services import (
    Draft,
    add_entry,
    create_series,
    delete_activity,
    edit_entry,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.events.models import Gathering
from veriga.events.queries.gatherings import visible_gatherings
from veriga.events.queries.mentions import who_sees
from veriga.events.services import add_companies, create_gathering
from veriga.parties.models import Company, CompanyKind
from veriga.parties.tests.factories import make_company
from veriga.setup.models import Letter, Notice, NoticeSettings

from .clients import PIECE, signed_in

NAMES = [(1, "Maja Kovač"), (2, "Maja Novak"), (3, "Žiga Rus"), (4, "Ana")]


class TestReading:
    @pytest.mark.parametrize(
        ("text", "ids"),
        [
            ("@Maja Kovač, poglej", (1,)),
            ("prosim @maja kovac.", (1,)),
            ("@Maja Nov naj pokliče", (2,)),
            ("@ziga", (3,)),
            ("(@Ana) in @Žiga Rus danes", (4, 3)),
            ("@Ana @Ana", (4,)),
            ("@Ana gre", (4,)),
            ("ana@ana.si", ()),
            ("@neznan", ()),
            ("@ Ana", ()),
            ("", ()),
        ],
    )
    def test_who_is_meant(self, text: str, ids: tuple[int, ...]) -> None:
        assert find_mentions(text, NAMES) == Mentions(ids)

    def test_a_beginning_of_several_is_unclear(self) -> None:
        assert find_mentions("@Maja pride", NAMES) == Mentions((), ("Maja",))

    def test_a_whole_name_is_clear_though_others_begin_with_it(self) -> None:
        names = [(1, "Ana"), (2, "Anamarija")]
        assert find_mentions("@Ana", names).user_ids == (1,)


@pytest.fixture
def ana(maja: User) -> User:
    return make_user("Ana Zupan", team=maja.team)


@pytest.fixture
def record(maja: User, company: Company) -> Activity:
    return make_activity(maja, company, title="Obisk")


def told(kind: str = "mentioned") -> list[User]:
    rows = Notice.objects.filter(kind=kind).select_related("user").order_by("pk")
    return [one.user for one in rows]


@pytest.mark.django_db
def test_names_that_begin_so_are_offered_first(web: Client, ana: User) -> None:
    page = web.get("/users/find/?q=m").content.decode()
    assert page.index("Maja Kovač") < page.index("Ana Zupan")  # of example.com


@pytest.mark.django_db
class TestMentions:
    def test_who_sees_the_company_is_told(self, web: Client, ana, record) -> None:
        address = f"/activities/{record.reference}/entries/"
        answer = web.post(address, {"text": "@Ana prosim"}, headers=PIECE)
        assert "Brez obvestila" not in answer.headers["HX-Trigger"]
        assert told() == [ana]
        notice = Notice.objects.get()
        assert notice.params["reference"] == record.reference

    def test_others_are_not_and_the_author_learns_it(
        self, web: Client, maja, ana, record
    ) -> None:
        make_user("Tina Tujec", team=make_team())
        make_user("Ana Breg", team=maja.team)
        address = f"/activities/{record.reference}/entries/"
        text = "@Tina in @Ana, poglejta"
        answer = web.post(address, {"text": text}, follow=True)
        page = answer.content.decode()
        assert "Brez obvestila, ker tega ne vidijo: Tina Tujec." in page
        assert "Brez obvestila, ker je takih imen več: @Ana." in page
        assert told() == []
        assert Entry.objects.get().text == text

    def test_never_oneself(self, maja: User, record: Activity) -> None:
        add_entry(
            context=acting(maja), reference=str(record.reference), text="@Maja Kovač"
        )
        assert told() == []

    def test_confidential_only_who_may_read_it(self, company: Company) -> None:
        boss = make_user("Vodja", role=Role.MANAGER, may_see_confidential=True)
        make_user("Ana Zupan", team=company.team)
        part = make_user("Bor Kos", team=company.team, may_see_confidential=True)
        made = make_activity(boss, company, participants=[part.pk])
        Notice.objects.all().delete()
        add_entry(
            context=acting(boss),
            reference=str(made.reference),
            text="@Ana @Bor",
            confidential=True,
        )
        assert told() == [part]

    def test_an_edit_tells_whom_it_adds(self, maja, ana, record) -> None:
        bor = make_user("Bor Kos", team=maja.team)
        entry = add_entry(
            context=acting(maja), reference=str(record.reference), text="@Ana"
        )
        edit_entry(context=acting(maja), entry_id=entry.pk, text="@Ana in @Bor")
        assert told() == [ana, bor]

    def test_in_the_first_text_of_a_record(self, maja, ana, company) -> None:
        made = make_activity(maja, company, text="Z @Ana skupaj")
        assert told() == [ana]
        assert Notice.objects.get().params["reference"] == made.reference

    def test_by_mail_too_if_wanted(self, maja, ana, record, settings) -> None:
        settings.EMAIL_HOST = "mail.example"
        reference = str(record.reference)
        add_entry(context=acting(maja), reference=reference, text="@Ana")
        assert Letter.objects.get().user == ana
        NoticeSettings.objects.create(
            user=ana, mention_told=False, mention_mailed=False
        )
        add_entry(context=acting(maja), reference=reference, text="@Ana še enkrat")
        assert (Letter.objects.count(), Notice.objects.count()) == (1, 1)


@pytest.mark.django_db
class TestGatherings:
    FORM: ClassVar = {"title": "Predstavitev", "type": "visit",
                      "starts_on": "2026-01-05", "text": "@Ana in @Tina"}  # fmt: skip

    def save(self, web: Client, owner: User, at: str = "new/", **typed: str) -> str:
        """Save the form of a group event and return what the page says then."""
        form = {**self.FORM, "owner": owner.pk, **typed}
        answer = web.post(f"/gatherings/{at}", form, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_who_sees_a_company_of_it_is_told_once_it_is_invited(
        self, web: Client, maja, ana, company
    ) -> None:
        make_user("Tina Tujec", team=make_team())
        page = self.save(web, maja)
        assert "ki jo vidijo: Ana Zupan, Tina Tujec." in page
        assert told("mentioned_in_gathering") == []
        made = Gathering.objects.get()
        address = f"/gatherings/{made.pk}/companies/"
        answer = web.post(address, {"company": [company.pk]}, follow=True)
        assert "ki jo vidijo: Tina Tujec." in answer.content.decode()
        assert told("mentioned_in_gathering") == [ana]
        other = make_company(owner=maja)
        web.post(address, {"company": [other.pk]})
        assert told("mentioned_in_gathering") == [ana]

    def test_an_edit_tells_whom_it_adds(self, web: Client, maja, ana, company) -> None:
        bor = make_user("Bor Kos", team=maja.team)
        self.save(web, maja, text="@Ana")
        made = Gathering.objects.get()
        web.post(f"/gatherings/{made.pk}/companies/", {"company": [company.pk]})
        page = self.save(web, maja, f"{made.pk}/edit/", text="@Ana, @Bor in @Maja")
        assert "ki jo vidijo" not in page
        assert told("mentioned_in_gathering") == [ana, bor]

    def test_the_notice_leads_there_and_names_what_its_reader_sees(
        self, web: Client, maja, ana, company
    ) -> None:
        self.save(web, maja, text="@Ana")
        made = Gathering.objects.get()
        web.post(f"/gatherings/{made.pk}/companies/", {"company": [company.pk]})
        reader = signed_in(ana)
        said = "Omemba: Predstavitev, skupinski dogodek (Maja Kovač)"
        assert said in reader.get("/notices/").content.decode()
        notice = Notice.objects.get(kind="mentioned_in_gathering")
        answer = reader.post(f"/notices/{notice.pk}/")
        assert answer.headers["Location"] == f"/gatherings/{made.pk}/"
        User.objects.filter(pk=ana.pk).update(team=make_team())
        page = reader.get("/notices/").content.decode()
        assert "Predstavitev" not in page
        assert "O skupinskem dogodku, ki ga ne vidiš več." in page

    @pytest.mark.parametrize("invited", ["nobody", "company", "person", "deleted"])
    def test_who_sees_it_is_who_may_open_it(
        self, web: Client, maja, ana, company, invited: str
    ) -> None:
        kind = (
            CompanyKind.NATURAL_PERSON
            if invited == "person"
            else CompanyKind.LEGAL_ENTITY
        )
        one = make_company(owner=maja, kind=kind)
        self.save(web, maja, text="")
        made = Gathering.objects.get()
        if invited != "nobody":
            context = acting(make_user(role=Role.ADMINISTRATOR, may_see_persons=True))
            add_companies(context=context, gathering_id=made.pk, company_ids=[one.pk])
        if invited == "deleted":
            reference = str(Activity.objects.get().reference)
            delete_activity(context=acting(maja), reference=reference)
        for scope in Scope:
            for may in (False, True):
                make_user(scope=scope, may_see_persons=may)
        users = list(User.objects.all())
        able = {
            user.pk
            for user in users
            if visible_gatherings(actor_of(user)).filter(pk=made.pk).exists()
        }
        assert who_sees(users, made) == able

    def test_what_is_imported_tells_nobody(self, maja, ana) -> None:
        context = replace(acting(maja), source=Source.IMPORT)
        values = {"title": "Dan", "starts_at": context.now, "text": "@Ana"}
        create_gathering(context=context, values=values)
        assert told("mentioned_in_gathering") == []


@pytest.mark.django_db
class TestAssigning:
    def test_owner_and_participants_of_a_new_record(self, maja, ana, company) -> None:
        bor = make_user("Bor Kos", team=maja.team)
        make_activity(
            maja, company, "task", owner=ana.pk, participants=[bor.pk, maja.pk, ana.pk]
        )
        assert told("assigned") == [ana]
        assert told("taking_part") == [bor]

    def test_of_a_change_who_is_new(self, maja, ana, company) -> None:
        bor = make_user("Bor Kos", team=maja.team)
        task = make_activity(maja, company, "task", participants=[bor.pk])
        Notice.objects.all().delete()
        changes = {"owner": bor.pk, "participants": [bor.pk, ana.pk]}
        update_activity(
            context=acting(maja), reference=str(task.reference), changes=changes
        )
        assert told("assigned") == [bor]
        assert told("taking_part") == [ana]
        update_activity(
            context=acting(maja), reference=str(task.reference), changes=changes
        )
        assert Notice.objects.count() == 2

    def test_not_of_what_is_done(self, maja, ana, company) -> None:
        make_activity(maja, company, days_ago=1, owner=ana.pk)
        assert told("assigned") == []

    def test_a_series_is_one_notice(self, maja, ana, company) -> None:
        context = acting(maja)
        draft = Draft(
            kind="task", company_id=company.pk, title="Poročilo", owner=ana.pk,
            own={"due_on": context.now.date()},
        )  # fmt: skip
        until = context.now.date().replace(day=30)
        create_series(context=context, draft=draft, repeat=Repeat(Unit.WEEK, 1, until))
        (notice,) = Notice.objects.filter(kind="assigned")
        assert notice.params["more"] == 4 - 1 + 1
