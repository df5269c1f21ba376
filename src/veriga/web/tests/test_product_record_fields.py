"""What a product record tells of a competitor, a price and an opinion."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from veriga.activities.models import Activity
from veriga.activities.services import update_activity
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import Invalid
from veriga.product_records.models import ProductRecordDetail

from .clients import signed_in

pytestmark = pytest.mark.django_db
TOLD = {
    "product_text": "Linija X",
    "competitor": "Tekmec, d. o. o.",
    "competitor_price": Decimal("12.3456"),
    "opinion": "Predrago, a lepo.",
}


def typed(company, **more):
    return {
        "company": company.pk,
        "title": "Vzorec",
        "type": "interest",
        "recorded_on": "2026-03-02",
        "owner": company.account_owner_id,
        "competitor_currency": "EUR",
        **more,
    }


class TestService:
    def test_all_of_it_is_kept(self, maja, company):
        make_activity(maja, company, "product_record", **TOLD)
        detail = ProductRecordDetail.objects.get()
        assert detail.competitor_price == 123_456
        assert detail.competitor_currency == "EUR"
        assert detail.opinion == "Predrago, a lepo."

    def test_without_a_price_there_is_no_currency(self, maja, company):
        one = make_activity(maja, company, "product_record", **TOLD)
        update_activity(
            context=acting(maja),
            reference=str(one.reference),
            changes={"competitor_price": None},
        )
        detail = ProductRecordDetail.objects.get()
        assert (detail.competitor_price, detail.competitor_currency) == (None, "")
        assert detail.competitor == "Tekmec, d. o. o."

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("competitor_price", Decimal(-1), "negative"),
            ("competitor_price", Decimal("1e13"), "out_of_range"),
            ("competitor_price", "12", "wrong_type"),
            ("competitor_currency", "evri", "unknown_choice"),
            ("competitor", "x" * 121, "too_long"),
            ("product_text", "a\x00", "control_characters"),
            ("opinion", "x" * 1001, "too_long"),
        ],
    )
    def test_wrong_values_are_refused(self, maja, company, field, value, code):
        with pytest.raises(Invalid) as refused:
            make_activity(maja, company, "product_record", **{**TOLD, field: value})
        assert [(e.field, e.code) for e in refused.value.errors] == [(field, code)]
        assert not Activity.objects.exists()

    def test_the_database_refuses_a_price_without_a_currency(self, maja, company):
        make_activity(maja, company, "product_record")
        with pytest.raises(IntegrityError), transaction.atomic():
            ProductRecordDetail.objects.update(competitor_price=5)


class TestPages:
    def test_the_form_saves_and_the_window_shows(self, maja, company):
        web = signed_in(maja)
        answer = web.post(
            "/product-records/new/",
            typed(
                company,
                competitor="Tekmec",
                competitor_price="1.250,50",
                competitor_currency="CHF",
                opinion="Zanesljivo",
                product_text="Linija X",
            ),
        )
        assert answer.status_code == 302
        page = web.get(answer["Location"]).content.decode()
        for text in ("Tekmec", "1.250,50 CHF", "Zanesljivo", "Linija X"):
            assert text in page
        form = web.get(f"{answer['Location']}edit/").content.decode()
        assert 'value="1250,50"' in form

    def test_what_cannot_be_read_comes_back_as_typed(self, maja, company):
        answer = signed_in(maja).post(
            "/product-records/new/", typed(company, competitor_price="poceni")
        )
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="poceni"' in page
        assert 'id="error_competitor_price"' in page
        assert not Activity.objects.exists()

    def test_a_form_saved_untouched_changes_nothing(self, maja, company):
        one = make_activity(maja, company, "product_record")
        data = typed(
            company, title=one.title, row_version=1, recorded_on=f"{one.date:%Y-%m-%d}"
        )
        web = signed_in(maja)
        web.post(f"/activities/{one.reference}/edit/", data)
        detail = ProductRecordDetail.objects.get()
        assert detail.competitor_currency == ""
