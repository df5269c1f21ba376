"""Further addresses of companies."""

import pytest

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import acting, actor_of, make_team, make_user
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.history.queries import list_changes
from veriga.parties.models import Address, Company
from veriga.parties.queries import addresses_of
from veriga.parties.services import add_address, remove_address, update_address
from veriga.parties.tests.factories import make_company, make_own_firm

pytestmark = pytest.mark.django_db
PLACE = {"kind": "delivery", "street": "Skladiščna 2", "postcode": "1000"}


@pytest.fixture
def seller() -> User:
    return make_user(team=make_team())


@pytest.fixture
def alpina(seller: User) -> Company:
    return make_company("Alpina", owner=seller)


def added(user: User, company: Company, **fields: object) -> Address:
    given = {**PLACE, "town": "Ljubljana", **fields}
    return add_address(context=acting(user), company_id=company.pk, **given)


class TestAddresses:
    def test_added_changed_and_removed_with_history(
        self, seller: User, alpina: Company
    ) -> None:
        address = added(seller, alpina, name="Skladišče")
        assert address.line == "Skladiščna 2, 1000 Ljubljana"
        assert addresses_of(actor_of(seller), alpina.pk) == [address]
        ids = {"company_id": alpina.pk, "address_id": address.pk}
        changed = update_address(
            context=acting(seller), expected_version=1, town="Domžale", **ids
        )
        assert changed.row_version == 2
        with pytest.raises(Conflict, match="stale"):
            update_address(context=acting(seller), expected_version=1, town="X", **ids)
        remove_address(context=acting(seller), **ids)
        assert addresses_of(actor_of(seller), alpina.pk) == []
        told = [r.changes["address"] for r in list_changes("company", alpina.pk)]
        old = "Skladišče, Skladiščna 2, 1000 Domžale, SI"
        new = "Skladišče, Skladiščna 2, 1000 Ljubljana, SI"
        assert told == [[old, None], [new, old], [None, new]]

    @pytest.mark.parametrize(
        ("fields", "field", "code"),
        [
            ({"kind": "castle"}, "kind", "unknown_choice"),
            ({"town": ""}, "town", "required"),
            ({"postcode": "SI-1000"}, "postcode", "bad_postcode"),
            ({"postcode": "0123"}, "postcode", "bad_postcode"),
            ({"country": "XX"}, "country", "unknown_choice"),
            ({"note": "x" * 201}, "note", "too_long"),
            ({"floor": 1}, "floor", "unknown_field"),
        ],
    )
    def test_bad_input_changes_nothing(
        self, seller: User, alpina: Company, fields, field, code
    ) -> None:
        with pytest.raises(Invalid) as caught:
            added(seller, alpina, **fields)
        assert [(e.field, e.code) for e in caught.value.errors] == [(field, code)]
        assert not Address.objects.exists()

    def test_postcodes_abroad_are_their_own(
        self, seller: User, alpina: Company
    ) -> None:
        assert added(seller, alpina, postcode="SW1A 1AA", country="GB").pk

    def test_who_may(self, seller: User, alpina: Company) -> None:
        address = added(seller, alpina)
        reader = make_user(role=Role.READER, scope=Scope.ALL)
        stranger = make_user(team=make_team())
        ids = {"company_id": alpina.pk, "address_id": address.pk}
        for user, error in ((reader, NotAllowed), (stranger, NotFound)):
            with pytest.raises(error):
                added(user, alpina)
            with pytest.raises(error):
                update_address(context=acting(user), town="X", **ids)
            with pytest.raises(error):
                remove_address(context=acting(user), **ids)
        with pytest.raises(NotFound):
            addresses_of(actor_of(stranger), alpina.pk)
        with pytest.raises(NotAllowed):
            added(seller, make_own_firm())
        other = make_company(owner=seller)
        with pytest.raises(NotFound):  # of another company
            remove_address(
                context=acting(seller), company_id=other.pk, address_id=address.pk
            )
        assert Address.objects.count() == 1
