"""Products."""

from __future__ import annotations

import pytest

from veriga.access.rules import Role, system
from veriga.access.tests.factories import acting, make_user
from veriga.catalogue.models import Product
from veriga.catalogue.queries import find_products, get_product
from veriga.catalogue.services import create_product
from veriga.common.errors import Invalid, NotAllowed, NotFound
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
