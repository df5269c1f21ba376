"""Files over the API: the body is the file."""

from __future__ import annotations

import hashlib

import pytest

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.documents.models import Attachment, Limits
from veriga.documents.queries import forget_limits
from veriga.parties.models import Company

from .client import PREFIX, Api, codes
from .declared import assert_declared, assert_problem

PDF = b"%PDF-1.4 ponudba"


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.FILES = tmp_path
    forget_limits()
    return tmp_path


def test_a_file_in_and_out(api: Api, company: Company) -> None:
    visit = api.event(company.pk)
    path = f"activities/{visit}/attachments"
    made = api.post(path, raw=PDF, name="ponudba.pdf")
    assert made.status == 201, made.text
    assert_declared("attach_file", made)
    assert made.json["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (made.json["activity"], made.json["company"]) == (visit, None)
    listed = api.get(path)
    assert_declared("read_attachments", listed)
    assert listed.json["items"] == [made.json]
    one = made.headers["Location"].removeprefix(PREFIX)
    assert api.get(one).json == made.json
    assert api.get(f"activities/{visit}").json["attachments"] == 1
    content = api.client.get(f"{PREFIX}{one}/content", headers=api.headers)
    assert b"".join(content.streaming_content) == PDF
    assert content["Content-Type"] == "application/octet-stream"
    assert api.delete(one).status == 204
    assert api.get(one).status == 404
    assert api.get(f"activities/{visit}").json["attachments"] == 0


def test_a_company_has_files_too(api: Api, company: Company) -> None:
    path = f"companies/{company.pk}/attachments"
    made = api.post(path, raw=b"a", name="cenik.txt")
    assert_declared("attach_company_file", made)
    assert (made.json["activity"], made.json["company"]) == (None, company.pk)
    visit = api.event(company.pk)
    api.post(f"activities/{visit}/attachments", raw=PDF, name="a.pdf")
    listed = api.get(path)
    assert_declared("read_company_attachments", listed)
    assert [one["activity"] for one in listed.json["items"]] == [visit, None]


def test_the_same_key_stores_once(api: Api, company: Company) -> None:
    first, second = api.event(company.pk), api.event(company.pk)
    key = {"Idempotency-Key": "k" * 200}
    ids = [
        api.post(f"activities/{ref}/attachments", raw=PDF, name=name, headers=key).json[
            "id"
        ]
        for ref, name in ((first, "a.pdf"), (first, "a.pdf"), (second, "a.pdf"))
    ]
    assert ids[0] == ids[1] != ids[2]
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("slika.png", b"<html>", "file_differs"),
        ("x.html", b"<html>", "file_type"),
        ("../../x", b"x", "file_type"),
        ("a.pdf", b"", "empty_file"),
        ("a.pdf", PDF + b" " * 2000, "file_too_large"),
    ],
)
def test_bad_files(
    api: Api, company: Company, name: str, data: bytes, code: str
) -> None:
    Limits.objects.create(most_bytes=1000)
    forget_limits()
    visit = api.event(company.pk)
    answer = api.post(f"activities/{visit}/attachments", raw=data, name=name)
    assert_problem(answer, 422, code)
    assert codes(answer) == {"file": code}
    assert Activity.objects.get().attachments == 0


def test_a_missing_name_and_an_unknown_parameter(api: Api, company: Company) -> None:
    path = f"activities/{api.event(company.pk)}/attachments"
    assert codes(api.post(path, raw=PDF)) == {"name": "required"}
    answer = api.post(path, raw=PDF, name="a.pdf", folder="x")
    assert codes(answer) == {"folder": "unknown_field"}
    assert not Attachment.objects.exists()


def test_others_see_none(api: Api, company: Company) -> None:
    visit = api.event(company.pk)
    made = api.post(f"activities/{visit}/attachments", raw=PDF, name="a.pdf").json
    stranger = Api(make_user(team=make_team(), scope=Scope.OWN))
    one = f"attachments/{made['id']}"
    for path in (one, f"{one}/content", f"activities/{visit}/attachments"):
        assert stranger.get(path).status == 404
    assert stranger.delete(one).status == 404
    reader = Api(make_user(role=Role.READER, scope=Scope.ALL))
    assert reader.get(one).status == 200
    assert reader.delete(one).status == 403
    answer = reader.post(f"activities/{visit}/attachments", raw=PDF, name="b.pdf")
    assert answer.status == 403
