"""Products."""

from __future__ import annotations

import pytest

from veriga.access.rules import Role, system
from veriga.access.tests.factories import acting, make_user
from veriga.catalogue.models import Product
from veriga.catalogue.queries import (
    ProductFilters,
    count_products,
    find_products,
    get_product,
    list_products,
)
from veriga.catalogue.services import create_product, update_product
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.history.queries import list_changes

from .factories import make_product

pytestmark = pytest.mark.django_db
ANYBODY = system("test")


class TestCreateProduct:
    def test_it_works(self) -> None:
        manager = acting(make_user(role=Role.MANAGER))
        product = create_product(
            context=manager, code="ČZ-1", name="Čep", unit="kos", unit_price=199_000
        )
        product.refresh_from_db()
        assert (product.name_key, product.name_folded) == ("c~ep", "cep")
        assert (product.unit_price, product.is_active) == (199_000, True)
        assert str(product) == "Čep"
        assert list_changes("product", product.pk)[0].action == "create"

    def test_a_code_is_given_once(self) -> None:
        make_product(code="A1")
        with pytest.raises(Invalid) as error:
            create_product(
                context=acting(make_user(role=Role.MANAGER)), code="A1", name="X"
            )
        assert [(e.field, e.code) for e in error.value.errors] == [
            ("code", "code_taken")
        ]

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("code", "", "required"),
            ("code", "x" * 41, "too_long"),
            ("name", "", "required"),
            ("name", "x" * 121, "too_long"),
            ("unit", "x" * 13, "too_long"),
            ("unit_price", -1, "negative"),
            ("unit_price", 10**15 + 1, "out_of_range"),
            ("unit_price", "5", "wrong_type"),
            ("unit_price", True, "wrong_type"),
        ],
    )
    def test_bad_input_is_refused(self, field: str, value: object, code: str) -> None:
        with pytest.raises(Invalid) as error:
            create_product(
                context=acting(make_user(role=Role.MANAGER)),
                **{"code": "A1", "name": "X", field: value},
            )
        assert [(e.field, e.code) for e in error.value.errors] == [(field, code)]
        assert not Product.objects.exists()

    @pytest.mark.parametrize("role", [Role.SALES, Role.READER])
    def test_nobody_else_may(self, role: Role) -> None:
        with pytest.raises(NotAllowed):
            create_product(context=acting(make_user(role=role)), code="A1", name="X")


class TestFindProducts:
    def test_by_words_and_code_in_slovenian_order(self) -> None:
        make_product("Žični trak", code="T-2")
        make_product("Čep za trak", code="T-1")
        make_product("Folija", code="F-1")
        names = [p.name for p in find_products(ANYBODY, "TRAK")]
        assert names == ["Čep za trak", "Žični trak"]
        assert [p.code for p in find_products(ANYBODY, "trak zicni")] == ["T-2"]
        assert [p.code for p in find_products(ANYBODY, "f-")] == ["F-1"]

    def test_no_text_offers_all_that_are_active(self) -> None:
        make_product(), make_product(), make_product(is_active=False)
        assert len(find_products(ANYBODY, "")) == 2
        assert len(find_products(ANYBODY, "", limit=1)) == 1

    @pytest.mark.parametrize("q", ["%", "\x00", "\ud800", "\u0301", "x" * 9999])
    def test_strange_text_breaks_nothing(self, q: str) -> None:
        make_product()
        find_products(ANYBODY, q)


class TestGetProduct:
    def test_by_id_and_by_code(self) -> None:
        product = make_product(code="1001")
        assert get_product(ANYBODY, product.pk) == product
        assert get_product(ANYBODY, " 1001 ") == product

    @pytest.mark.parametrize("ident", [0, 10**30, "", "x", "\x00", "\ud800"])
    def test_anything_else_is_not_found(self, ident: int | str) -> None:
        make_product()
        with pytest.raises(NotFound):
            get_product(ANYBODY, ident)


class TestUpdateProduct:
    def test_it_works_and_leaves_history(self) -> None:
        product = make_product("Čep", code="A1", unit_price=10_000)
        changed = update_product(
            context=acting(make_user(role=Role.MANAGER)),
            product_id=product.pk,
            expected_version=1,
            name="Zamašek",
            unit_price=25_000,
        )
        product.refresh_from_db()
        assert (product.name, product.name_folded, product.unit_price) == (
            "Zamašek",
            "zamasek",
            25_000,
        )
        assert product.row_version == changed.row_version == 2
        (change,) = list_changes("product", product.pk)
        assert change.changes["unit_price"] == [10_000, 25_000]

    def test_what_is_not_offered_stays_where_it_is_named(self) -> None:
        product = make_product("Čep")
        update_product(
            context=acting(make_user(role=Role.MANAGER)),
            product_id=product.pk,
            is_active=False,
        )
        assert find_products(ANYBODY) == []
        assert get_product(ANYBODY, product.pk) == product

    @pytest.mark.parametrize(
        ("changes", "field", "code"),
        [
            ({"name": ""}, "name", "required"),
            ({"code": "B1"}, "code", "code_taken"),
            ({"unit_price": -1}, "unit_price", "negative"),
            ({"is_active": "no"}, "is_active", "wrong_type"),
            ({"colour": "red"}, "colour", "unknown_field"),
        ],
    )
    def test_bad_input_changes_nothing(self, changes, field, code) -> None:
        product = make_product("Čep", code="A1")
        make_product("Vijak", code="B1")
        with pytest.raises(Invalid) as caught:
            update_product(
                context=acting(make_user(role=Role.MANAGER)),
                product_id=product.pk,
                **changes,
            )
        assert [(e.field, e.code) for e in caught.value.errors] == [(field, code)]
        product.refresh_from_db()
        assert (product.name, product.code, product.row_version) == ("Čep", "A1", 1)

    def test_who_may(self) -> None:
        product = make_product("Čep")
        with pytest.raises(NotAllowed):
            update_product(context=acting(make_user()), product_id=product.pk, name="X")
        with pytest.raises(NotFound):
            update_product(
                context=acting(make_user(role=Role.MANAGER)), product_id=0, name="X"
            )

    def test_a_stale_form_is_refused(self) -> None:
        product = make_product("Čep", row_version=3)
        with pytest.raises(Conflict, match="stale"):
            update_product(
                context=acting(make_user(role=Role.MANAGER)),
                product_id=product.pk,
                expected_version=2,
                name="X",
            )


class TestListProducts:
    def test_by_name_in_pages_as_far_as_they_fit(self) -> None:
        for n, name in enumerate(("Žaga", "Čep", "Cev", "Zatič")):
            make_product(name, code=f"K-{n}")
        make_product("Stara", is_active=False)
        offered = ProductFilters(is_active=True)
        first = list_products(ANYBODY, offered, limit=3)
        assert [p.name for p in first.rows] == ["Cev", "Čep", "Zatič"]
        rest = list_products(ANYBODY, offered, limit=3, cursor=first.next)
        assert [p.name for p in rest.rows] == ["Žaga"]
        assert count_products(ANYBODY, offered, limit=99) == 4
        assert count_products(ANYBODY, ProductFilters(), limit=99) == 5
        for q in ("cep", "k-1"):
            (found,) = list_products(ANYBODY, ProductFilters(q)).rows
            assert found.name == "Čep"
