"""A cell of the lists of companies and contacts changed in its place."""

from __future__ import annotations

import html
import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.history.queries import list_changes
from veriga.parties.models import Company, Contact
from veriga.parties.services import add_position
from veriga.parties.tests.factories import make_company, make_contact, make_own_firm
from veriga.setup.models import CompanyCategory
from veriga.setup.services import create_field
from veriga.web.columns import CHANGED_HERE
from veriga.work.services.companies import update_company

from .clients import LIST, PIECE, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(company: Company) -> Contact:
    return make_contact(
        company, last_name="Novak", first_name="Ana", function="Tehnologinja"
    )


def address(row: Company | Contact, field: str, query: str = "") -> str:
    page = "companies" if isinstance(row, Company) else "contacts"
    return f"/{page}/{row.pk}/cell/{field}/{query}"


def opened(client: Client, row, field: str, query: str = "") -> str:
    answer = client.get(address(row, field, query), headers=PIECE)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def save(client: Client, row, field: str, *values: str, version=1, query: str = ""):
    data = {"value": list(values), "row_version": str(version)}
    return client.post(address(row, field, query), data, headers=PIECE)


def now(row):
    return type(row).objects.get(pk=row.pk)


class TestCompanies:
    def test_each_field_is_offered_as_it_stands_and_saved(
        self, web: Client, maja: User, company: Company
    ) -> None:
        rok = make_user("Rok Zupan", team=maja.team)
        CompanyCategory.objects.bulk_create(
            [
                CompanyCategory(code="retail", name_sl="Trgovina", name_en="Retail"),
                CompanyCategory(code="export", name_sl="Izvoz", name_en="Export"),
            ],
            ignore_conflicts=True,
        )
        typed = {
            "name": ["Alpina Nova"],
            "town": ["Žiri"],
            "street": ["Strojarska 2"],
            "postcode": ["4226"],
            "phone": ["041 234 567"],
            "email": ["info@alpina.si"],
            "website": ["alpina.si"],
            "tax_number": ["SI10830316"],
            "registration_number": ["5300231000"],
            "abc": ["A"],
            "language": ["de"],
            "prospect_type": ["reseller"],
            "expected": ["3. 2027"],
            "categories": ["export", "retail"],
            "owner": [str(rok.pk)],
        }
        assert {*typed, "status"} == CHANGED_HERE["companies"]
        for version, (field, values) in enumerate(typed.items(), start=1):
            form = opened(web, company, field)
            assert f'name="row_version" value="{version}"' in form
            answer = save(web, company, field, *values, version=version)
            assert answer.status_code == 204, (field, answer.content.decode())
            told = json.loads(answer.headers["HX-Trigger"])
            assert told == {"veriga:changed": {"row": f"company-{company.pk}"}}
        found = now(company)
        assert (found.name, found.town, found.abc) == ("Alpina Nova", "Žiri", "A")
        assert (found.account_owner, found.expected_on) == (rok, "2027-03")
        assert set(found.categories.values_list("pk", flat=True)) == set(
            typed["categories"]
        )
        changes = list_changes("company", company.pk)
        assert len(changes) == len(typed)
        assert {one.made_by_id for one in changes} == {maja.pk}

    def test_the_name_reaches_the_activities(
        self, web: Client, maja: User, company: Company
    ) -> None:
        activity = make_activity(maja, company)
        save(web, company, "name", "Alpina Nova")
        stored = Activity.objects.get(pk=activity.pk)
        assert stored.company_key != activity.company_key
        assert stored.company_key == now(company).name_key

    def test_categories_can_be_taken_away(self, web: Client, company: Company) -> None:
        code = CompanyCategory.objects.values_list("pk", flat=True).first()
        if code is None:
            code = CompanyCategory.objects.create(
                code="retail", name_sl="Trgovina", name_en="Retail"
            ).pk
        company.categories.set([code])
        assert f'value="{code}" checked' in opened(web, company, "categories")
        assert save(web, company, "categories").status_code == 204
        assert not company.categories.exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", "  "),
            ("name", "x" * 201),
            ("email", "brez afne"),
            ("phone", "12"),
            ("expected", "kmalu"),
            ("abc", "Z"),
            ("owner", "999999"),
            ("owner", "jaz"),
            ("categories", "ni-je"),
            ("language", "xx"),
        ],
    )
    def test_what_is_refused_comes_back_with_the_reason(
        self, web: Client, company: Company, field: str, value: str
    ) -> None:
        answer = save(web, company, field, value)
        said = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert 'role="alert"' in said
        if field not in {"abc", "owner", "categories", "language"}:
            assert f'value="{value}"' in said
        assert now(company).row_version == 1

    def test_who_is_overtaken_sees_what_is_there_now(
        self, web: Client, maja: User, company: Company
    ) -> None:
        update_company(context=acting(maja), company_id=company.pk, town="Kranj")
        answer = save(web, company, "town", "Žiri")
        said = html.unescape(answer.content.decode())
        assert answer.status_code == 409
        assert "»Kranj«" in said
        assert 'value="Žiri"' in said
        assert 'name="row_version" value="2"' in said
        assert now(company).town == "Kranj"
        assert save(web, company, "town", "Žiri", version=2).status_code == 204

    @pytest.mark.parametrize("version", ["", "abc", "-1"])
    def test_without_a_version_nothing_is_overwritten(
        self, web: Client, company: Company, version: str
    ) -> None:
        answer = save(web, company, "town", "Žiri", version=version)
        assert answer.status_code == 409
        assert 'name="row_version" value="1"' in answer.content.decode()
        assert now(company).row_version == 1

    def test_who_may_not(self, maja: User, company: Company, client: Client) -> None:
        colleague = make_user("Sodelavec", team=maja.team)
        reader = make_user("Bralka", role=Role.READER, scope=Scope.ALL)
        outside = make_user("Zunanji", team=make_team("Druga"), scope=Scope.OWN)
        for user, field, status in (
            (colleague, "owner", 403),
            (colleague, "status", 403),
            (reader, "name", 403),
            (outside, "name", 404),
        ):
            browser = signed_in(user)
            got = browser.get(address(company, field), headers=PIECE)
            assert got.status_code == status, (user.name, field)
            put = save(browser, company, field, "active")
            assert put.status_code == status, (user.name, field)
        assert save(signed_in(colleague), company, "town", "Kranj").status_code == 204
        assert client.get(address(company, "name")).status_code == 302
        firm = make_own_firm()
        assert save(signed_in(maja), firm, "name", "X").status_code == 403
        assert now(company).account_owner == maja

    def test_what_is_no_cell(self, web: Client, company: Company) -> None:
        for field in ("kind", "parent", "last", "recorded", "x"):
            assert web.get(address(company, field)).status_code == 404
        assert web.put(address(company, "name")).status_code == 405

    def test_a_status_needs_the_right_and_what_a_customer_has(
        self, maja: User, company: Company
    ) -> None:
        boss = signed_in(make_user("Vodja", role=Role.MANAGER, scope=Scope.ALL))
        answer = save(boss, company, "status", "active")
        assert answer.status_code == 422
        assert "Manjka" in answer.content.decode()
        Company.objects.filter(pk=company.pk).update(
            kind="legal_entity", street="Obrtna 3", postcode="4000", town="Kranj",
            country="SI", tax_number="10830316",
        )  # fmt: skip
        assert save(boss, company, "status", "active").status_code == 204
        assert now(company).status == "active"

    def test_a_natural_person_stays_hidden_and_with_those_who_may_see_it(
        self, maja: User, company: Company
    ) -> None:
        keeper = make_user(
            "Vida", role=Role.MANAGER, team=maja.team, may_see_persons=True
        )
        Company.objects.filter(pk=company.pk).update(kind="natural_person")
        assert signed_in(maja).get(address(company, "name")).status_code == 404
        assert save(signed_in(maja), company, "name", "X").status_code == 404
        rok = make_user("Rok", team=maja.team)
        refused = save(signed_in(keeper), company, "owner", str(rok.pk))
        assert refused.status_code == 422


class TestContacts:
    def test_each_field(self, web: Client, maja: User, ana: Contact) -> None:
        typed = {
            "name": ["Novak Kos", "Ana Marija"],
            "function": ["Direktorica"],
            "phone": ["01 234 56 78"],
            "mobile": ["041 555 666"],
            "email": ["ana@alpina.si"],
            "since": ["2020-01-01"],
            "until": ["2027-12-31"],
        }
        assert set(typed) == CHANGED_HERE["contacts"]
        for version, (field, values) in enumerate(typed.items(), start=1):
            form = opened(web, ana, field)
            assert f'name="row_version" value="{version}"' in form
            answer = save(web, ana, field, *values, version=version)
            assert answer.status_code == 204, (field, answer.content.decode())
        found = now(ana)
        assert (found.last_name, found.first_name) == ("Novak Kos", "Ana Marija")
        assert (found.function, found.until_on) == ("Direktorica", date(2027, 12, 31))
        assert len(list_changes("contact", ana.pk)) == len(typed)

    def test_the_one_phone_column_changes_the_number_it_shows(
        self, web: Client, ana: Contact
    ) -> None:
        Contact.objects.filter(pk=ana.pk).update(mobile="+38641555666")
        assert "41 555-666" in opened(web, ana, "phone")
        assert save(web, ana, "phone", "041 777 888").status_code == 204
        assert (now(ana).phone, now(ana).mobile) == ("", "+38641777888")
        both = "?cols=name,phone,mobile"
        assert 'value=""' in opened(web, ana, "phone", both)

    def test_at_a_further_company_its_own_function_changes(
        self, web: Client, maja: User, ana: Contact
    ) -> None:
        other = make_company("Druga", owner=maja)
        add_position(
            context=acting(maja), contact_id=ana.pk, company_id=other.pk,
            function="Svetovalka",
        )  # fmt: skip
        at = f"?company={other.pk}"
        assert 'value="Svetovalka"' in opened(web, ana, "function", at)
        answer = save(web, ana, "function", "Nadzornica", version=2, query=at)
        assert answer.status_code == 204
        assert now(ana).function == "Tehnologinja"
        assert ana.positions.get().function == "Nadzornica"
        assert web.get(address(ana, "function", "?company=99999")).status_code == 404

    def test_whose_own_company_is_out_of_sight_is_changed_where_they_are_seen(
        self, maja: User, ana: Contact
    ) -> None:
        outside = make_user("Zunanji", team=make_team("Druga"), scope=Scope.OWN)
        theirs = make_company("Njegova", owner=outside)
        boss = make_user("Vodja", role=Role.MANAGER, scope=Scope.ALL)
        add_position(context=acting(boss), contact_id=ana.pk, company_id=theirs.pk)
        browser = signed_in(outside)
        assert "Tehnologinja" not in opened(browser, ana, "function")
        assert save(browser, ana, "function", "Kupka", version=2).status_code == 204
        assert now(ana).function == "Tehnologinja"
        assert ana.positions.get().function == "Kupka"

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("name", ["", "Ana"]),
            ("email", ["ana"]),
            ("until", ["jutri"]),
            ("mobile", ["1"]),
            ("function", ["x" * 81]),
        ],
    )
    def test_what_is_refused_comes_back_with_the_reason(
        self, web: Client, ana: Contact, field: str, values: list[str]
    ) -> None:
        answer = save(web, ana, field, *values)
        said = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert 'role="alert"' in said
        for value in values:
            assert f'value="{value}"' in said
        assert now(ana).row_version == 1

    def test_who_may_not(self, maja: User, ana: Contact) -> None:
        reader = make_user("Bralka", role=Role.READER, scope=Scope.ALL)
        outside = make_user("Zunanji", team=make_team("Druga"), scope=Scope.OWN)
        for user, status in ((reader, 403), (outside, 404)):
            got = signed_in(user).get(address(ana, "function"), headers=PIECE)
            assert got.status_code == status
            assert save(signed_in(user), ana, "function", "X").status_code == status
        assert signed_in(maja).get(address(ana, "note")).status_code == 404


CUSTOM = {
    "text": ("Cenik VIP", "Cenik VIP", "x" * 600),
    "number": ("1.234,5", "1234.5", "veliko"),
    "date": ("2026-11-23", "2026-11-23", "jutri"),
    "choice": ("rdeca", "rdeca", "vijolicna"),
    "yes_no": ("no", False, None),
}


@pytest.mark.parametrize("type_", CUSTOM)
@pytest.mark.parametrize("subject", ["company", "contact"])
def test_custom_fields(
    web: Client, company: Company, ana: Contact, subject: str, type_: str
) -> None:
    admin = acting(make_user(role=Role.ADMINISTRATOR))
    choices = [{"name_sl": "Rdeča"}, {"name_sl": "Modra"}] if type_ == "choice" else ()
    field = create_field(
        context=admin, subject=subject, type_=type_, name_sl="Oznaka",
        choices=choices, in_list=True,
    )  # fmt: skip
    row, page = {"company": (company, "companies"), "contact": (ana, "contacts")}[
        subject
    ]
    name = f"custom_{field.code}"
    typed, stored, wrong = CUSTOM[type_]
    if type_ == "choice":
        typed = stored = field.choices[0]["code"]
    heads = web.get(f"/{page}/?cols=name,{name}").content.decode()
    assert f'data-change-here="{name}"' in heads
    assert 'aria-label="Oznaka"' in opened(web, row, name)
    assert save(web, row, name, typed).status_code == 204
    assert now(row).custom == {field.key: stored}
    form = opened(web, row, name)
    is_chosen = type_ in {"choice", "yes_no"}
    shown = f'"{typed}" selected' if is_chosen else f'value="{typed}"'
    assert shown.replace("1.234", "1234") in form
    if wrong is not None:
        refused = save(web, row, name, wrong, version=2)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.content.decode()
        assert now(row).custom == {field.key: stored}
    assert save(web, row, name, "", version=2).status_code == 204
    assert now(row).custom == {}


def test_a_custom_field_that_is_not_there(
    web: Client, company: Company, ana: Contact
) -> None:
    admin = acting(make_user(role=Role.ADMINISTRATOR))
    other = create_field(context=admin, subject="task", type_="text", name_sl="Oznaka")
    for row in (company, ana):
        for name in (f"custom_{other.code}", "custom_nothing", "custom_"):
            assert web.get(address(row, name), headers=PIECE).status_code == 404
            assert save(web, row, name, "x").status_code == 404


def test_headings_say_what_may_change(web: Client, ana: Contact) -> None:
    found = web.get("/companies/", headers=LIST).content.decode()
    assert found.count("data-change-here") == 4  # name, town, status, owner
    found = web.get("/contacts/?cols=name,note,phone").content.decode()
    assert found.count("data-change-here") == 2


def test_a_cell_takes_few_statements(web: Client, company: Company, ana) -> None:
    for row, field, most in (
        (company, "town", 4),
        (company, "owner", 5),
        (ana, "name", 5),
    ):
        with CaptureQueriesContext(connection) as read:
            opened(web, row, field)
        assert len(read) <= most, (field, len(read))
