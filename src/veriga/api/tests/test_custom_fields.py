"""Custom fields over the API."""

from __future__ import annotations

import pytest

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import acting, make_user
from veriga.parties.models import Company
from veriga.setup.queries import forget_code_lists
from veriga.setup.services import create_field

from .client import Api, codes

pytestmark = pytest.mark.django_db
CHOICES = [{"name_sl": "Sejem", "name_en": "Fair"}, {"name_sl": "Splet"}]


@pytest.fixture
def boss() -> User:
    forget_code_lists()
    return make_user("Boštjan", role=Role.ADMINISTRATOR)


def add(boss: User, subject: str, name: str, type_: str = "text", **more):
    return create_field(
        context=acting(boss), subject=subject, type_=type_, name_sl=name, **more
    )


def test_in_and_out(boss: User, api: Api, company: Company) -> None:
    add(boss, "company", "Vir", "choice", choices=CHOICES)
    add(boss, "event", "Ura", "number")
    add(boss, "event", "Plačano", "yes_no")
    path = f"companies/{company.pk}"
    assert api.patch(path, {"custom": {"vir": "splet"}}).json["custom"] == {
        "vir": "splet"
    }
    ref = api.event(company.pk, custom={"ura": "2.50", "placano": False})
    one = api.get(f"activities/{ref}").json
    assert one["custom"] == {"ura": "2.5", "placano": False}
    assert api.get("events").json["items"][0]["custom"] == one["custom"]
    changed = api.patch(f"activities/{ref}", {"custom": {"ura": None}})
    assert changed.json["custom"] == {"placano": False}


@pytest.mark.parametrize(
    ("custom", "field", "code"),
    [
        ({"vir": "sejmišče"}, "custom.vir", "unknown_choice"),
        ({"ni": "x"}, "custom.ni", "unknown_field"),
        ({"vir": 5}, "custom.vir", "wrong_type"),
        ("x", "custom", "wrong_type"),
    ],
)
def test_bad_ones(
    boss: User, api: Api, company: Company, custom: object, field: str, code: str
) -> None:
    add(boss, "company", "Vir", "choice", choices=CHOICES)
    answer = api.patch(f"companies/{company.pk}", {"custom": custom})
    assert (answer.status, codes(answer)) == (422, {field: code})
    assert Company.objects.get(pk=company.pk).custom == {}
