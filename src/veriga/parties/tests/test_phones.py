"""Phones of companies and contacts are numbers, whatever way they were typed."""

from importlib import import_module

import pytest
from django.apps import apps

from veriga.access.models import User
from veriga.access.tests.factories import acting, make_user
from veriga.common.errors import Invalid
from veriga.parties.models import Company, Contact
from veriga.parties.queries import ContactFilters, list_contacts
from veriga.parties.services import (
    create_company,
    create_contact,
    update_company,
    update_contact,
)
from veriga.parties.tests.factories import (
    make_company,
    make_contact,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> User:
    return make_user()


class TestSaving:
    def test_a_company_abroad_is_dialled_abroad(self, seller: User) -> None:
        company = create_company(
            context=acting(seller), name="Gora", country="AT", phone="01 2345678"
        )
        assert company.phone == "+4312345678"

    def test_a_contact_is_where_the_company_is(self, seller: User) -> None:
        gora = make_company("Gora", owner=seller, country="AT")
        contact = create_contact(
            context=acting(seller),
            company_id=gora.pk,
            last_name="Bauer",
            phone="01 2345678",
            mobile="00386 41 234 567",
        )
        assert (contact.phone, contact.mobile) == ("+4312345678", "+38641234567")

    def test_what_is_no_number_is_refused_by_its_name(self, seller: User) -> None:
        gora = make_company("Gora", owner=seller)
        with pytest.raises(Invalid) as caught:
            create_contact(
                context=acting(seller),
                company_id=gora.pk,
                last_name="Kos",
                mobile="12",
            )
        assert [(e.field, e.code) for e in caught.value.errors] == [
            ("mobile", "not_a_phone")
        ]
        assert not Contact.objects.exists()

    def test_what_was_kept_otherwise_does_not_stand_in_the_way(
        self, seller: User
    ) -> None:
        gora = make_company("Gora", owner=seller, phone="interna 12")
        kos = make_contact(gora, phone="interna 13")
        context = acting(seller)
        update_company(
            context=context, company_id=gora.pk, phone="interna 12", town="Kranj"
        )
        update_contact(
            context=context, contact_id=kos.pk, phone="interna 13", function="Direktor"
        )
        kos.refresh_from_db()
        assert (kos.phone, kos.function) == ("interna 13", "Direktor")
        with pytest.raises(Invalid):
            update_contact(context=context, contact_id=kos.pk, phone="interna 14")

    def test_it_is_found_in_every_writing(self, seller: User) -> None:
        kos = make_contact(make_company("Gora", owner=seller), mobile="+38641234567")
        actor = acting(seller).actor
        for typed in ("041 234 567", "+386 41 234-567", "(00386)41 234-567", "234 567"):
            found = list_contacts(actor, ContactFilters(q=typed)).rows
            assert [c.pk for c in found] == [kos.pk], typed


class TestTheMoveOfOldData:
    def test_what_is_a_number_is_rewritten_and_the_rest_stays(
        self, seller: User
    ) -> None:
        gora = make_company("Gora", owner=seller, country="AT", phone="01 2345678")
        kos = make_contact(gora, phone="interna 13", mobile="00386 41 234 567")
        User.objects.filter(pk=seller.pk).update(phone="01/345-67-89 int. 12")
        for _ in range(2):  # safe to run again
            for room in ("parties", "access"):
                moved = import_module(
                    f"veriga.{room}.migrations."
                    f"{'0005' if room == 'parties' else '0002'}_phones_as_numbers"
                )
                moved.store_numbers(apps, None)
        kos.refresh_from_db()
        seller.refresh_from_db()
        assert Company.objects.get(pk=gora.pk).phone == "+4312345678"
        assert (kos.phone, kos.mobile) == ("interna 13", "+38641234567")
        assert seller.phone == "+38613456789;ext=12"
