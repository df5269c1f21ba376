"""Attaching, removing and bringing back: rights, limits, counts, and what is left."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from veriga.access.models import User
from veriga.access.queries import actor_of
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import NOW, make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.services import delete_activity, undo_change
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.documents.models import Attachment
from veriga.documents.queries import (
    allowed,
    find_differences,
    get_attachment,
    list_of_activity,
    list_of_company,
    path_of,
)
from veriga.documents.services import (
    Upload,
    attach,
    change_limits,
    delete_attachment,
    repair_counts,
    restore_attachment,
    sweep_files,
)
from veriga.history.queries import list_changes
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 ponudba"


@pytest.fixture
def maja() -> User:
    return make_user("Maja Kovač", team=make_team("Prodaja"))


@pytest.fixture
def company(maja: User) -> Company:
    return make_company("Alpina Pak", owner=maja)


@pytest.fixture
def visit(maja: User, company: Company) -> Activity:
    return make_activity(maja, company)


def put(
    user: User, activity: Activity, name: str = "ponudba.pdf", **more: object
) -> Attachment:
    data = more.pop("data", PDF)
    assert isinstance(data, bytes)
    return attach(
        context=acting(user),
        upload=Upload(name, [data], str(more.pop("key", ""))),
        reference=str(activity.reference),
    )


def clip_of(activity: Activity) -> int:
    return Activity.objects.get(pk=activity.pk).attachments


def on_disk(files: Path) -> list[Path]:
    return [path for path in files.rglob("*") if path.is_file()]


def test_a_file_is_stored_under_a_random_name_and_counted(
    maja: User, visit: Activity, files: Path
) -> None:
    made = put(maja, visit, "../../x.pdf")
    assert (made.name, made.size, clip_of(visit)) == ("x.pdf", len(PDF), 1)
    (path,) = on_disk(files)
    assert path == path_of(made) and path.read_bytes() == PDF
    assert "x" not in path.name and len(path.name) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    said = list_changes("activity", visit.pk)[0]
    assert said.changes == {"attachment": [None, "x.pdf"]}
    assert list(find_differences()) == []


def test_the_paper_clip_is_right_after_every_change(
    maja: User, visit: Activity
) -> None:
    one, two = put(maja, visit), put(maja, visit, "b.txt", data=b"b")
    assert clip_of(visit) == 2
    delete_attachment(context=acting(maja), attachment_id=one.pk)
    assert clip_of(visit) == 1
    visit.refresh_from_db()
    assert [a.pk for a in list_of_activity(visit)] == [two.pk]
    restore_attachment(context=acting(maja), attachment_id=one.pk)
    assert clip_of(visit) == 2
    assert list(find_differences()) == []


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("slika.png", b"<html><script>alert(1)</script>", "file_differs"),
        ("stran.html", b"<html>", "file_type"),
        ("brez", b"x", "file_type"),
        ("program.exe", b"MZ", "file_type"),
        ("...", b"x", "file_name"),
        ("prazna.pdf", b"", "empty_file"),
        ("velika.pdf", PDF + b" " * (2 * 1024 * 1024), "file_too_large"),
    ],
)
def test_bad_files_are_refused_and_nothing_is_left(
    maja: User, visit: Activity, files: Path, name: str, data: bytes, code: str
) -> None:
    administrator = make_user("Boštjan", role=Role.ADMINISTRATOR)
    change_limits(context=acting(administrator), megabytes=1, most_files=50, endings="")
    with pytest.raises(Invalid) as caught:
        put(maja, visit, name, data=data)
    assert caught.value.code == code
    assert caught.value.errors[0].field == "file"
    assert on_disk(files) == [] and clip_of(visit) == 0
    assert not Attachment.objects.exists()


def test_a_broken_upload_leaves_nothing(
    maja: User, visit: Activity, files: Path
) -> None:
    def broken() -> Iterator[bytes]:
        yield PDF
        raise ConnectionError

    with pytest.raises(ConnectionError):
        attach(
            context=acting(maja),
            upload=Upload("a.pdf", broken()),
            reference=str(visit.reference),
        )
    assert on_disk(files) == [] and not Attachment.objects.exists()


def test_the_same_upload_again_is_stored_once(
    maja: User, visit: Activity, files: Path
) -> None:
    first = put(maja, visit, key="k1")
    assert put(maja, visit, key="k1").pk == first.pk
    assert put(maja, visit, key="k2").pk != first.pk
    assert clip_of(visit) == 2 and len(on_disk(files)) == 2


def test_limits_are_in_force_at_once(maja: User, visit: Activity) -> None:
    administrator = acting(make_user("Boštjan", role=Role.ADMINISTRATOR))
    change_limits(context=administrator, megabytes=3, most_files=1, endings="xyz .PDF")
    assert allowed().endings == ("pdf", "xyz")
    put(maja, visit, "a.xyz", data=b"own format")
    with pytest.raises(Invalid) as caught:
        put(maja, visit)
    assert caught.value.code == "too_many_files"
    with pytest.raises(Invalid) as caught:
        put(maja, visit, "b.txt", data=b"b")
    assert caught.value.code == "file_type"


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"megabytes": 0}, "megabytes", "between"),
        ({"megabytes": None}, "megabytes", "required"),
        ({"most_files": 1001}, "most_files", "between"),
        ({"endings": "pdf exe"}, "endings", "ending_not_allowed"),
        ({"endings": "pdf html"}, "endings", "ending_not_allowed"),
        ({"endings": "a" * 2001}, "endings", "too_long"),
    ],
)
def test_bad_limits_change_nothing(
    given: dict[str, object], field: str, code: str
) -> None:
    administrator = acting(make_user("Boštjan", role=Role.ADMINISTRATOR))
    before = allowed()
    values = {"megabytes": 5, "most_files": 5, "endings": "", **given}
    with pytest.raises(Invalid) as caught:
        change_limits(context=administrator, **values)  # type: ignore[arg-type]
    assert [(e.field, e.code) for e in caught.value.errors] == [(field, code)]
    assert allowed() == before


def test_only_administrators_set_limits(maja: User) -> None:
    with pytest.raises(NotAllowed):
        change_limits(context=acting(maja), megabytes=5, most_files=5, endings="")


def test_who_may_do_what(maja: User, company: Company, visit: Activity) -> None:
    made = put(maja, visit)
    reader = make_user("Bralka", team=maja.team, role=Role.READER)
    with pytest.raises(NotAllowed):
        put(reader, visit)
    with pytest.raises(NotAllowed):
        delete_attachment(context=acting(reader), attachment_id=made.pk)
    assert get_attachment(actor_of(reader), made.pk).pk == made.pk
    stranger = make_user("Tujka", team=make_team("Druga"), scope=Scope.TEAM)
    for act in (
        lambda: put(stranger, visit),
        lambda: get_attachment(actor_of(stranger), made.pk),
        lambda: list_of_company(actor_of(stranger), company.pk),
        lambda: delete_attachment(context=acting(stranger), attachment_id=made.pk),
    ):
        with pytest.raises(NotFound):
            act()
    colleague = make_user("Kolegica", team=maja.team)
    own = put(colleague, visit, "svoje.txt", data=b"a")
    delete_attachment(context=acting(colleague), attachment_id=own.pk)
    with pytest.raises(NotAllowed):
        delete_attachment(context=acting(colleague), attachment_id=made.pk)


def test_files_of_a_company(maja: User, company: Company, visit: Activity) -> None:
    at_visit = put(maja, visit)
    at_company = attach(
        context=acting(maja, NOW + timedelta(hours=1)),
        upload=Upload("cenik.txt", [b"a"]),
        company_id=company.pk,
    )
    found = list_of_company(actor_of(maja), company.pk)
    assert [a.pk for a in found] == [at_company.pk, at_visit.pk]
    assert list_changes("company", company.pk)[0].changes == {
        "attachment": [None, "cenik.txt"]
    }
    delete_attachment(context=acting(maja), attachment_id=at_company.pk)
    assert len(list_of_company(actor_of(maja), company.pk)) == 1


def test_files_go_and_come_back_with_their_activity(
    maja: User, company: Company, visit: Activity
) -> None:
    made = put(maja, visit)
    deleted = delete_activity(context=acting(maja), reference=str(visit.reference))
    with pytest.raises(NotFound):
        get_attachment(actor_of(maja), made.pk)
    assert list_of_company(actor_of(maja), company.pk) == []
    undo_change(context=acting(maja), change_id=deleted.change.pk)
    assert get_attachment(actor_of(maja), made.pk).pk == made.pk
    assert clip_of(visit) == 1


def test_after_thirty_days_it_is_gone_for_good(
    maja: User, visit: Activity, files: Path
) -> None:
    old, kept = put(maja, visit), put(maja, visit, "b.txt", data=b"b")
    delete_attachment(context=acting(maja), attachment_id=old.pk)
    assert sweep_files(now=NOW + timedelta(days=29)) == 0
    late = NOW + timedelta(days=31)
    with pytest.raises(Conflict) as caught:
        restore_attachment(context=acting(maja, late), attachment_id=old.pk)
    assert caught.value.code == "undo_too_late"
    assert sweep_files(now=late) == 1
    assert on_disk(files) == [path_of(kept)]
    assert Attachment.objects.count() == 1


def test_a_file_that_nobody_knows_is_swept_after_a_day(files: Path) -> None:
    stray = files / "ab" / ("ab" + "0" * 30)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")
    from django.utils import timezone

    assert sweep_files(now=timezone.now()) == 0
    assert sweep_files(now=timezone.now() + timedelta(days=2)) == 1
    assert not stray.exists()


def test_check_finds_a_wrong_clip_and_a_lost_file(maja: User, visit: Activity) -> None:
    made = put(maja, visit)
    Activity.objects.filter(pk=visit.pk).update(attachments=7)
    path_of(made).unlink()
    assert [d.code for d in find_differences()] == ["attachments", "file"]
    repair_counts()
    assert [d.code for d in find_differences()] == ["file"]
    assert clip_of(visit) == 1


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("true", ""),
        ("false", "infected_file"),
        ("sh -c 'exit 2'", "file_not_scanned"),
        ("no-such-scanner --quiet", "file_not_scanned"),
        ("grep -qz EICAR --", "grep"),
    ],
)
def test_a_scanner_decides(
    maja: User,
    visit: Activity,
    files: Path,
    settings,
    command: str,
    code: str,
) -> None:
    settings.SCAN_COMMAND = command
    if not code:
        assert put(maja, visit).size == len(PDF)
        return
    # grep ends with 1 where it finds nothing: the path is really given to the command.
    expected = "infected_file" if code == "grep" else code
    with pytest.raises(Invalid) as caught:
        put(maja, visit)
    assert caught.value.code == expected
    assert on_disk(files) == [] and clip_of(visit) == 0
    if code == "grep":
        assert put(maja, visit, data=b"%PDF- EICAR").size
