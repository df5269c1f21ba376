"""Attachments in the pages: uploading, showing, and never running in the browser."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.tests.factories import make_activity
from veriga.documents.models import Attachment, Limits
from veriga.documents.queries import forget_limits

from .clients import signed_in

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
PDF = b"%PDF-1.4 ponudba"


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.FILES = tmp_path
    forget_limits()
    return tmp_path


@pytest.fixture
def visit(maja, company):
    return make_activity(maja, company)


def send(web: Client, address: str, *files: tuple[str, bytes], htmx=True, **more):
    return web.post(
        f"{address}attachments/",
        {"file": [SimpleUploadedFile(n, data) for n, data in files], **more},
        headers={"HX-Request": "true"} if htmx else {},
    )


def record_of(visit: Activity) -> str:
    return f"/activities/{visit.reference}/"


def test_several_files_at_once(web, visit):
    answer = send(web, record_of(visit), ("a.pdf", PDF), ("slika.png", PNG))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "a.pdf" in text and "slika.png" in text
    assert str(visit.reference) in answer.headers["HX-Trigger"]
    assert Activity.objects.get(pk=visit.pk).attachments == 2
    assert "slika.png" in web.get(record_of(visit)).content.decode()
    assert "2 priponki" in web.get("/activities/").content.decode()


def test_without_script_the_form_works_too(web, visit):
    answer = send(web, record_of(visit), ("a.pdf", PDF), htmx=False)
    assert answer.status_code == 302 and answer.url == record_of(visit)
    page = web.get(record_of(visit)).content.decode()
    assert "Pripeta je 1 datoteka." in page
    answer = send(web, record_of(visit), ("a.png", PDF), htmx=False)
    assert answer.status_code == 422
    assert "a.png: Vsebina datoteke ni to" in answer.content.decode()
    assert Attachment.objects.count() == 1


def test_the_good_ones_of_several_are_kept(web, visit):
    answer = send(web, record_of(visit), ("a.pdf", PDF), ("b.png", b"<html>"))
    assert answer.status_code == 422
    assert "b.png" in answer.content.decode()
    assert "a.pdf" not in answer.content.decode()
    assert [a.name for a in Attachment.objects.all()] == ["a.pdf"]


def test_an_upload_over_the_limit(web, visit, files):
    Limits.objects.create(most_bytes=1000)
    forget_limits()
    answer = send(web, record_of(visit), ("velika.pdf", PDF + b" " * 5000))
    assert answer.status_code == 422
    assert "Datoteka je večja od" in answer.content.decode()
    assert not Attachment.objects.exists() and not list(files.rglob("*/*"))
    assert send(web, record_of(visit), ("prava.pdf", PDF)).status_code == 200


def test_nothing_sent_says_so(web, visit):
    answer = web.post(f"{record_of(visit)}attachments/", headers={"HX-Request": "true"})
    assert answer.status_code == 422 and "Najprej izberi" in answer.content.decode()


def test_a_second_try_of_one_upload_stores_it_once(web, visit):
    for _ in range(2):
        answer = send(web, record_of(visit), ("a.pdf", PDF), key="abc")
        assert answer.status_code == 200
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data", "shown_as"),
    [
        ("slika.png", PNG, "image/png"),
        ("ponudba.pdf", PDF, "application/pdf"),
        ("zapis.xml", b"<html><script>alert(1)</script></html>", ""),
        ("zapis.txt", b"<script>alert(1)</script>", ""),
    ],
)
def test_what_a_browser_gets(web, visit, name, data, shown_as):
    send(web, record_of(visit), (name, data))
    address = f"/attachments/{Attachment.objects.get().pk}/file/"
    saved = web.get(address)
    assert b"".join(saved.streaming_content) == data
    assert saved["Content-Type"] == "application/octet-stream"
    assert saved["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    shown = web.get(f"{address}?view")
    if shown_as:
        assert shown["Content-Type"] == shown_as
        assert shown["Content-Disposition"].startswith("inline")
    else:
        assert shown["Content-Type"] == "application/octet-stream"
        assert shown["Content-Disposition"].startswith("attachment")
    for answer in (saved, shown):
        policy = answer["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "script" not in policy
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, no-cache"
        assert ("sandbox" in policy) is (answer["Content-Type"] != "application/pdf")
    tag = saved["ETag"]
    assert web.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_names_do_not_break_the_header(web, visit):
    send(web, record_of(visit), ("č; filename=x.html š <b>.txt", b"a"))
    answer = web.get(f"/attachments/{Attachment.objects.get().pk}/file/")
    assert "filename=x" not in answer["Content-Disposition"]
    assert "%C4%8D" in answer["Content-Disposition"]


def test_a_text_is_shown_escaped(web, visit):
    send(
        web, record_of(visit), ("zapis.txt", "Žaga <script>x</script>".encode("cp1250"))
    )
    page = web.get(f"/attachments/{Attachment.objects.get().pk}/").content.decode()
    assert "Žaga &lt;script&gt;x&lt;/script&gt;" in page


def test_removed_and_brought_back(web, visit):
    send(web, record_of(visit), ("a.pdf", PDF))
    address = f"/attachments/{Attachment.objects.get().pk}/"
    answer = web.post(f"{address}delete/", headers={"HX-Request": "true"})
    assert answer.status_code == 204 and f"{address}restore/" in answer["HX-Trigger"]
    assert web.get(address).status_code == 404
    assert web.get(f"{address}file/").status_code == 404
    assert web.post(f"{address}restore/").status_code == 302
    assert web.get(address).status_code == 200


def test_others_get_nothing(web, visit, company):
    send(web, record_of(visit), ("a.pdf", PDF))
    one = f"/attachments/{Attachment.objects.get().pk}/"
    stranger = signed_in(make_user(team=make_team(), scope=Scope.OWN, language="sl"))
    for address in (one, f"{one}file/", f"{one}file/?view"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"{one}delete/").status_code == 404
    assert send(stranger, record_of(visit), ("b.pdf", PDF)).status_code == 404
    address = f"/companies/{company.pk}/"
    assert send(stranger, address, ("b.pdf", PDF)).status_code == 404
    for path in (one, f"{one}file/"):
        assert Client().get(path).status_code == 302
    assert Attachment.objects.count() == 1


def test_what_comes_from_nobody_is_not_kept(visit, files):
    client = Client()
    answer = client.post(
        f"{record_of(visit)}attachments/", {"file": SimpleUploadedFile("a.pdf", PDF)}
    )
    assert answer.status_code == 302 and "login" in answer.url
    assert not list(files.rglob("*"))


def test_a_reader_sees_and_cannot_attach(maja, visit):
    reader = signed_in(make_user(team=maja.team, role=Role.READER, language="sl"))
    assert "data-attach" not in reader.get(record_of(visit)).content.decode()
    assert send(reader, record_of(visit), ("a.pdf", PDF)).status_code == 403


def test_the_tab_of_a_company(web, visit, company):
    send(web, f"/companies/{company.pk}/", ("cenik.txt", b"a"))
    send(web, record_of(visit), ("a.pdf", PDF))
    page = web.get(f"/companies/{company.pk}/?tab=files").content.decode()
    assert "cenik.txt" in page and "a.pdf" in page and str(visit.reference) in page


def test_the_history_names_the_file(web, visit):
    send(web, record_of(visit), ("a.pdf", PDF))
    page = web.get(f"{record_of(visit)}?history").content.decode()
    assert "Priponka: – → a.pdf" in page


class TestLimits:
    address = "/settings/attachments/"

    def test_an_administrator_changes_them(self):
        boss = signed_in(make_user(role=Role.ADMINISTRATOR, language="sl"))
        assert "25" in boss.get(self.address).content.decode()
        good = {"megabytes": "5", "most_files": "3", "endings": "pdf xyz"}
        assert boss.post(self.address, good).status_code == 302
        assert Limits.objects.get().endings == "pdf xyz"
        answer = boss.post(self.address, {**good, "endings": "exe", "megabytes": "x"})
        assert answer.status_code == 422
        answer = boss.post(self.address, {**good, "endings": "pdf exe"})
        assert answer.status_code == 422 and "exe" in answer.content.decode()
        assert Limits.objects.get().endings == "pdf xyz"

    def test_nobody_else_does(self, web):
        assert web.get(self.address).status_code == 403
        assert web.post(self.address, {"megabytes": "1"}).status_code == 403
