"""The pages of products."""

from __future__ import annotations

import pytest
from django.test import Client

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import make_user
from veriga.catalogue.models import Product
from veriga.catalogue.tests.factories import make_product
from veriga.setup.services import install_code_lists

from .clients import LIST, WINDOW, signed_in
from .test_two_people import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    install_code_lists()
    return make_user("Nataša", role=Role.MANAGER, language="sl")


@pytest.fixture
def web(boss: User) -> Client:
    return signed_in(boss)


def html(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


class TestTheList:
    def test_shows_what_is_offered_with_prices(self, web: Client) -> None:
        make_product("Čep", code="A1", unit_price=12_345_000)
        make_product("Stara preša", code="B1", is_active=False)
        page = html(web, "/products/")
        assert "Čep" in page
        assert "1.234,50 €" in page
        assert "Stara preša" not in page
        off = web.get("/products/?state=off", headers=LIST).content.decode()
        assert "Stara preša" in off
        assert "ni več na voljo" in off
        assert "Čep" in html(web, "/products/?state=all&q=cep")

    def test_everybody_reads_it_and_managers_write(self, boss: User) -> None:
        product = make_product("Čep")
        for role in (Role.SALES, Role.READER):
            client = signed_in(make_user(role=role, language="sl"))
            page = html(client, "/products/")
            assert "Čep" in page
            assert "/products/new/" not in page
            assert client.get("/products/new/").status_code == 403
            address = f"/products/{product.pk}/"
            assert client.post(address, {"name": "X"}).status_code == 403
        assert Product.objects.get().name == "Čep"

    def test_long_lists_go_on(self, web: Client, django_assert_num_queries) -> None:
        for n in range(60):
            make_product(f"Izdelek {n:02}")
        web.get("/products/")
        with django_assert_num_queries(4):
            page = html(web, "/products/")
        assert "Izdelek 49" in page
        assert "Izdelek 50" not in page


class TestTheForm:
    def test_adds_and_changes(self, web: Client) -> None:
        typed = {**form_of(html(web, "/products/new/")), "name": "Čep", "code": "A1"}
        answer = web.post("/products/new/", {**typed, "unit_price": "1.250,5"})
        assert answer["Location"] == "/products/"
        product = Product.objects.get()
        assert (product.unit, product.unit_price) == ("kos", 12_505_000)
        address = f"/products/{product.pk}/"
        form = form_of(web.get(address, headers=WINDOW).content.decode())
        assert form["unit_price"] == "1250,50"
        form.pop("is_active")
        assert web.post(address, {**form, "unit": "m"}).status_code == 302
        product.refresh_from_db()
        assert (product.unit, product.is_active) == ("m", False)
        history = html(web, f"{address}?history")
        assert "Na voljo" in history

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": ""}, "name"),
            ({"code": "B1"}, "code"),
            ({"unit_price": "poceni"}, "unit_price"),
            ({"unit_price": "-1"}, "unit_price"),
            ({"unit": "x" * 13}, "unit"),
        ],
    )
    def test_bad_input_gives_everything_back(
        self, web: Client, changes: dict[str, str], field: str
    ) -> None:
        make_product("Vijak", code="B1")
        typed = {"name": "Čep", "code": "A1", "unit": "kos", "unit_price": "1"}
        answer = web.post("/products/new/", {**typed, **changes})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f"error_{field}" in page
        assert form_of(page)[field] == changes[field]
        assert Product.objects.count() == 1

    def test_two_at_one_product(self, web: Client) -> None:
        product = make_product("Čep", code="A1")
        address = f"/products/{product.pk}/"
        mine, theirs = form_of(html(web, address)), form_of(html(web, address))
        web.post(address, {**theirs, "unit": "m"})
        answer = web.post(address, {**mine, "name": "Zamašek"})
        back = form_of(answer.content.decode())
        assert answer.status_code == 422
        assert (back["unit"], back["name"]) == ("m", "Zamašek")
        assert web.post(address, back).status_code == 302
        product.refresh_from_db()
        assert (product.unit, product.name) == ("m", "Zamašek")
