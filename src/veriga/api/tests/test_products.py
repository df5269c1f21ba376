"""Products over the API."""

from __future__ import annotations

import pytest

from veriga.catalogue.models import Product
from veriga.catalogue.tests.factories import make_product

from .client import Api, codes
from .declared import assert_declared, assert_problem

pytestmark = pytest.mark.django_db
BODY = {"code": "A1", "name": "Čep", "unit": "m", "unit_price": "19.90"}


class TestProducts:
    def test_make_read_change(self, manager: Api) -> None:
        made = manager.post("products", BODY)
        assert made.status == 201, made.text
        assert_declared("make_product", made)
        said = made.json
        assert {name: said[name] for name in BODY} == BODY
        path = f"products/{said['id']}"
        assert made.headers["Location"] == f"/api/v1/{path}"
        assert manager.get(path).json == said
        changed = manager.patch(path, {"unit_price": "20", "is_active": False})
        assert_declared("change_product", changed)
        assert (changed.json["unit_price"], changed.json["is_active"]) == (
            "20.00",
            False,
        )
        stale = manager.patch(path, {"name": "X"}, headers={"If-Match": '"1"'})
        assert_problem(stale, 409, "stale")

    def test_everybody_reads_and_managers_write(self, api: Api, reader: Api) -> None:
        product = make_product("Čep")
        make_product("Stara", is_active=False)
        answer = reader.get("products", is_active="true")
        assert_declared("list_all_products", answer)
        assert [p["name"] for p in answer.json["items"]] == ["Čep"]
        assert len(api.get("products").json["items"]) == 2
        for who in (api, reader):
            assert_problem(who.post("products", BODY), 403, "not_allowed")
            answer = who.patch(f"products/{product.pk}", {"name": "X"})
            assert_problem(answer, 403, "not_allowed")
        assert Product.objects.count() == 2

    def test_bad_input(self, manager: Api) -> None:
        make_product("Čep", code="A1")
        assert codes(manager.post("products", BODY)) == {"code": "code_taken"}
        assert codes(manager.post("products", {"unit_price": "x"})) == {
            "code": "required",
            "name": "required",
            "unit_price": "wrong_type",
        }
        price = {**BODY, "code": "B1", "unit_price": "-1"}
        assert codes(manager.post("products", price)) == {"unit_price": "negative"}
        assert_problem(manager.get("products/0"), 404, "not_found")
        assert_problem(manager.patch("products/99", {"name": "X"}), 404, "not_found")
        assert Product.objects.count() == 1
