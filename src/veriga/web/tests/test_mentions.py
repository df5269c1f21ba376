"""`@name` in a text, and being made owner or participant: who is told, and who not."""

from __future__ import annotations

import pytest
from django.test import Client

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity, Entry
from veriga.activities.rules.mentions import Mentions, find_mentions
from veriga.activities.rules.repeats import Repeat, Unit
from veriga.activities.services import (
    Draft,
    add_entry,
    create_series,
    edit_entry,
    update_activity,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.parties.models import Company
from veriga.setup.models import Letter, Notice, NoticeSettings

from .clients import PIECE

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
