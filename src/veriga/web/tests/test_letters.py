"""Mails of notices: sent by the worker to a real server, tried again, given up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connections
from django.utils import timezone
from tests.support.smtp import SmtpServer, smtp_server

from veriga.access.models import User
from veriga.access.rules import Context, Role, Source, system
from veriga.access.tests.factories import make_administrator, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.tests.factories import make_activity
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.setup.models import Letter, Notice, NoticeSettings
from veriga.setup.rules import MOST_ATTEMPTS, pause_after
from veriga.setup.services import forget_letters
from veriga.setup.services.notices import put_letter
from veriga.web.letters import send_letters
from veriga.work.services.reminders import give_reminders

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


@pytest.fixture
def server(settings) -> Iterator[SmtpServer]:
    with smtp_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.ADDRESS = "https://crm.example.com"
        yield running


@pytest.fixture
def maja(server: SmtpServer) -> User:
    return make_user("Maja Kovač", team=make_team(), language="sl")


@pytest.fixture
def company(maja: User) -> Company:
    return make_company("Alpina Pak", owner=maja)


@pytest.fixture
def visit(maja: User, company: Company) -> Activity:
    """A visit of which Maja wants to be reminded by mail, in half an hour."""
    NoticeSettings.objects.create(user=maja, event_mailed=True)
    give_reminders(now=NOW)
    start = NOW + timedelta(minutes=30)
    return make_activity(maja, company, now=NOW, starts_at=start, title="Obisk šefa")


def send(now: datetime) -> int:
    return send_letters(clock=lambda: now)


def letter_to(user: User) -> Letter:
    params = {"email": "x@example.com"}
    context = Context(system("test"), NOW, Source.SYSTEM)
    put_letter(context, user.pk, "mail_failed", params, at=NOW)
    return Letter.objects.latest("pk")


class TestSending:
    def test_a_reminder_in_the_language_of_its_reader(
        self, maja: User, visit: Activity, server: SmtpServer
    ) -> None:
        now = NOW + timedelta(minutes=15)
        give_reminders(now=now)
        assert send(now) == 1
        (mail,) = server.mails
        assert maja.email in mail["To"]
        assert "Veriga: Dogodek " in mail["Subject"]
        assert f"{visit.reference} Obisk šefa, Alpina Pak" in mail["Subject"]
        text = mail.get_content()
        assert f"https://crm.example.com/activities/{visit.reference}/" in text
        assert mail["Message-ID"].endswith("@crm.example.com>")
        assert send(now + timedelta(hours=1)) == 0
        assert len(server.mails) == 1

    def test_a_company_that_is_seen_no_more_is_not_named(
        self, visit: Activity, server: SmtpServer
    ) -> None:
        now = NOW + timedelta(minutes=15)
        give_reminders(now=now)
        Company.objects.update(account_owner=None, team=None)
        send(now)
        (mail,) = server.mails
        assert "Alpina" not in mail["Subject"] + mail.get_content()
        assert "šefa" not in mail["Subject"] + mail.get_content()

    def test_without_a_server_nothing_waits(self, maja: User, settings) -> None:
        settings.EMAIL_HOST = ""
        params = {"email": "x@example.com"}
        context = Context(system("test"), NOW, Source.SYSTEM)
        put_letter(context, maja.pk, "mail_failed", params, at=NOW)
        assert not Letter.objects.exists()
        assert send(NOW) == 0

    def test_the_digest_says_what_waits(
        self, maja: User, company: Company, server: SmtpServer
    ) -> None:
        late = timezone.localdate(NOW) - timedelta(days=2)
        task = make_activity(maja, company, "task", now=NOW, due_on=late)
        context = Context(system("test"), NOW, Source.SYSTEM)
        put_letter(context, maja.pk, "digest", {"at": NOW.isoformat()}, at=NOW)
        assert send(NOW) == 1
        (mail,) = server.mails
        assert "Veriga: tvoj dan, " in mail["Subject"]
        assert f"- {task.reference} {task.title}, Alpina Pak" in mail.get_content()
        assert "https://crm.example.com/desk/" in mail.get_content()

    def test_a_digest_of_nothing_is_not_sent(self, maja, server) -> None:
        context = Context(system("test"), NOW, Source.SYSTEM)
        put_letter(context, maja.pk, "digest", {"at": NOW.isoformat()}, at=NOW)
        assert send(NOW) == 0
        assert Letter.objects.get().sent_at is not None


class TestFailing:
    def test_it_is_tried_again_after_growing_pauses(self, maja, server) -> None:
        letter_to(maja)
        server.answers[:] = [451, 451]
        assert send(NOW) == 0
        assert send(NOW + timedelta(seconds=59)) == 0
        assert send(NOW + timedelta(minutes=1)) == 0
        assert send(NOW + timedelta(minutes=4)) == 0  # not yet
        assert send(NOW + timedelta(minutes=5)) == 1
        assert len(server.mails) == 1
        assert Letter.objects.get().attempts == 3

    def test_an_address_that_is_refused_is_given_up(self, maja, server) -> None:
        boss = make_administrator()
        letter_to(maja)
        other = letter_to(make_user("Ana"))
        server.answers[:] = [550]
        assert send(NOW) == 1  # the other one goes
        assert Letter.objects.get(sent_at__isnull=False) == other
        (notice,) = Notice.objects.filter(kind="mail_failed")
        assert notice.user == boss
        assert notice.params["email"] == maja.email
        letter_to(maja)
        server.answers[:] = [550]
        send(NOW)
        assert Notice.objects.count() == 1  # the first one is not read yet

    def test_a_server_that_is_away_is_given_up_at_last(
        self, maja: User, settings
    ) -> None:
        settings.EMAIL_PORT = 1
        make_user("Vodja", role=Role.ADMINISTRATOR)
        letter_to(maja)
        now = NOW
        for _ in range(MOST_ATTEMPTS + 3):
            assert send(now) == 0
            now += timedelta(hours=7)
        letter = Letter.objects.get()
        assert letter.attempts == MOST_ATTEMPTS
        assert letter.given_up_at is not None
        assert Notice.objects.filter(kind="mail_failed").count() == 1

    def test_who_dies_while_sending_leaves_it_to_the_next(self, maja, server) -> None:
        letter_to(maja)
        server.answers[:] = [250]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("veriga.web.letters._send", lambda message: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                send(NOW)
        assert server.mails == []
        assert send(NOW + timedelta(minutes=9)) == 0
        assert send(NOW + timedelta(minutes=10)) == 1

    def test_one_that_cannot_be_written_holds_up_no_other(self, maja, server) -> None:
        broken = letter_to(maja)
        Letter.objects.filter(pk=broken.pk).update(kind="event", params={})
        letter_to(maja)
        assert send(NOW) == 1
        broken.refresh_from_db()
        assert (broken.sent_at, broken.attempts) == (None, 1)

    def test_pauses_grow_and_end(self) -> None:
        pauses = [pause_after(n) for n in range(1, MOST_ATTEMPTS + 1)]
        assert pauses[-1] is None
        lengths = [one for one in pauses if one is not None]
        assert lengths == sorted(lengths)
        assert sum(lengths, timedelta()) > timedelta(hours=12)


def test_old_ones_are_forgotten(maja: User) -> None:
    letter_to(maja)
    forget_letters(NOW + timedelta(days=59))
    assert Letter.objects.count() == 1
    forget_letters(NOW + timedelta(days=61))
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_once(maja: User, server: SmtpServer) -> None:
    for _ in range(15):
        letter_to(maja)
    together = threading.Barrier(3)

    def work() -> None:
        together.wait(60)
        for _ in range(3):
            send(NOW)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [mail["Message-ID"] for mail in server.mails]
    assert len(ids) == len(set(ids)) == 15
