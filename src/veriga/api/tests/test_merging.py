"""Merging companies over the API: preview, choice, undo, and who may."""

from __future__ import annotations

import pytest

from veriga.access.models import User
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact

from .client import Api, codes
from .declared import assert_declared, assert_problem


@pytest.fixture
def twin(company: Company, seller: User) -> Company:
    """The same company once more, with a town of its own, a contact and an event."""
    twin = make_company("Alpina (dvojnik)", owner=seller, town="Celje")
    Company.objects.filter(pk=company.pk).update(town="Kranj", phone="")
    Company.objects.filter(pk=twin.pk).update(phone="+38641234567")
    make_contact(twin)
    return twin


def test_looked_at_done_and_taken_back(
    api: Api, company: Company, twin: Company
) -> None:
    ref = api.event(twin.pk)
    path = f"companies/{company.pk}/merge"
    seen = api.get(path, other=twin.pk)
    assert_declared("merge_preview", seen)
    differ = {one["field"]: one for one in seen.json["fields"]}
    assert (differ["town"]["kept"], differ["town"]["away"]) == ("Kranj", "Celje")
    assert (differ["town"]["prefers"], differ["phone"]["prefers"]) == ("kept", "away")
    assert {"activity": 1, "contact": 1}.items() <= seen.json["moves"].items()
    body = {"other": twin.pk, "take": {"town": "away", "name": "kept"}}
    done = api.post(path, body)
    assert_declared("merge_two_companies", done)
    assert done.json["company"]["town"] == "Celje"
    assert done.json["company"]["name"] == company.name
    assert api.get(f"activities/{ref}").json["company"]["id"] == company.pk
    assert api.get(f"companies/{twin.pk}").status == 404
    undo = f"merges/{done.json['merge']}/undo"
    back = api.post(undo)
    assert_declared("undo_merging", back)
    assert back.json["id"] == twin.pk
    assert api.get(f"companies/{company.pk}").json["town"] == "Kranj"
    assert api.get(f"activities/{ref}").json["company"]["id"] == twin.pk
    assert_problem(api.post(undo), 409, "already_undone")


def test_an_owner_is_chosen_by_the_name_of_the_api(
    manager: Api, company: Company, twin: Company
) -> None:
    Company.objects.filter(pk=twin.pk).update(account_owner=manager.user)
    path = f"companies/{company.pk}/merge"
    fields = manager.get(path, other=twin.pk).json["fields"]
    assert "account_owner" in {one["field"] for one in fields}
    done = manager.post(path, {"other": twin.pk, "take": {"account_owner": "away"}})
    assert done.json["company"]["account_owner"]["name"] == manager.user.name  # type: ignore[union-attr]


def test_bad_input_changes_nothing(
    api: Api, reader: Api, outsider: Api, company: Company, twin: Company
) -> None:
    path = f"companies/{company.pk}/merge"
    for body, field in (
        ({"other": company.pk}, "other"),
        ({"other": twin.pk, "take": {"id": "away"}}, "id"),
        ({"other": twin.pk, "take": {"town": "both"}}, "take.town"),
        ({}, "other"),
    ):
        answer = api.post(path, body)
        assert (answer.status, list(codes(answer))) == (422, [field])
    assert api.post(path, {"other": 987654}).status == 404
    assert reader.post(path, {"other": twin.pk}).status == 403
    assert outsider.post(path, {"other": twin.pk}).status == 404
    assert api.post("merges/987654/undo").status == 404
    assert Company.objects.filter(pk__in=[company.pk, twin.pk]).count() == 2
