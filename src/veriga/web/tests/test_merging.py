"""Merging companies in the pages: preview, choice, undo, and old addresses."""

from __future__ import annotations

import pytest

from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.tests.factories import make_activity
from veriga.parties.models import Company, Merge
from veriga.parties.tests.factories import make_company

from .clients import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(maja):
    one = make_company("Alpina Pack", owner=maja, town="Celje")
    make_activity(maja, one)
    make_activity(maja, one)
    return one


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_look_choose_merge_and_undo(web, company, other):
    address = f"/companies/{company.pk}/merge/"
    assert "Pokaži, kaj bi se zgodilo" in text(web.get(address))
    page = text(web.get(address, {"other": other.pk}))
    assert "Alpina Pack" in page and "Celje" in page
    assert "2 aktivnosti · 2 verigi" in page
    answer = web.post(address, {"other": other.pk, "take_name": "away"})
    assert answer.url == f"/companies/{company.pk}/"
    page = text(web.get(answer.url))
    undo = f"/merges/{Merge.objects.get().pk}/undo/"
    assert "Alpina Pack je zdaj del stranke" in page and undo in page
    company.refresh_from_db()
    assert (company.name, company.town) == ("Alpina Pack", "Celje")
    assert web.get(f"/companies/{other.pk}/").url == f"/companies/{company.pk}/"
    assert undo in text(web.get("/deleted/"))
    history = text(web.get(f"/companies/{company.pk}/?tab=data&history"))
    assert "Združeno" in history and "nič → Alpina Pack" in history
    assert web.post(undo).url == f"/companies/{other.pk}/"
    assert Company.objects.get(pk=other.pk).activities.count() == 2


def test_bad_choices_say_so_and_change_nothing(web, company, other):
    address = f"/companies/{company.pk}/merge/"
    answer = web.post(address, {"other": company.pk})
    assert answer.status_code == 422 and "to je ista" in text(answer)
    assert web.post(address, {"other": 99_999}).status_code == 404
    answer = web.post(address, {"other": other.pk, "take_id": "away"})
    assert answer.status_code == 422
    answer = web.get(address, {"other": "", "other_text": "Ni je"})
    assert answer.status_code == 422
    assert Company.objects.count() == 2


def test_others_may_not(maja, company, other):
    address = f"/companies/{company.pk}/merge/"
    colleague = signed_in(make_user(team=maja.team))
    assert colleague.get(address, {"other": other.pk}).status_code == 403
    assert colleague.post(address, {"other": other.pk}).status_code == 403
    stranger = signed_in(
        make_user(role=Role.MANAGER, team=make_team(), scope=Scope.OWN)
    )
    assert stranger.post(address, {"other": other.pk}).status_code == 404
    web = signed_in(maja)
    web.post(address, {"other": other.pk})
    assert stranger.get(f"/companies/{other.pk}/").status_code == 404
    assert stranger.post(f"/merges/{Merge.objects.get().pk}/undo/").status_code == 404
