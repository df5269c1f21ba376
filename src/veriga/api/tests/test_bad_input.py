"""Whatever is sent, the answer is a clear error, and nothing has changed."""

from __future__ import annotations

import base64
import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from veriga.access.models import User
from veriga.activities.models import Activity
from veriga.activities.queries.checking import find_differences
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_contact

from .client import Answer, Api, codes
from .declared import assert_problem

STARTS = "2026-03-01T10:00:00Z"
DEEP = b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


class TestBodies:
    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"{",
            b"title=Klic",
            b'{"title": NaN}',
            b'{"title": Infinity}',
            b'{"title": -Infinity}',
            b"{'title': 'Klic'}",
            b'{"title": "\xff\xfe"}',
            b'\xef\xbb\xbf{"title": "Klic"}',
            '{"title": "Klic"}'.encode("utf-16"),
            b'{"title": "a\x00b"}',
            b"\x00",
            DEEP,
            b'{"title": 01}',
        ],
        ids=range(14),
    )
    def test_what_is_not_json_is_told(self, api: Api, raw: bytes) -> None:
        for path in ("events", "companies", "links", "activities/D-26-1/marks"):
            assert_problem(api.post(path, raw=raw), 400, "not_json")
        assert_problem(api.patch("activities/D-26-1", raw=raw), 400, "not_json")

    @pytest.mark.parametrize("body", [[], ["a"], "text", 5, True, 1.5])
    def test_a_body_must_be_an_object(self, api: Api, body: object) -> None:
        for path in ("events", "tasks", "companies", "contacts", "links"):
            answer = api.post(path, body)
            assert_problem(answer, 422, "wrong_type")
            assert codes(answer) == {"": "wrong_type"}
        assert_problem(api.patch("companies/1", body), 422, "wrong_type")

    def test_null_is_no_object_either(self, api: Api) -> None:
        assert_problem(api.post("events", raw=b"null"), 422, "wrong_type")

    def test_too_much_is_refused(self, api: Api) -> None:
        raw = b'{"title": "' + b"x" * 3_000_000 + b'"}'
        assert_problem(api.post("events", raw=raw), 413, "too_large")

    def test_numbers_of_any_length_are_read(self, api: Api, company: Company) -> None:
        raw = b'{"company": ' + b"9" * 100_000 + b', "title": "Klic"}'
        answer = api.post("tasks", raw=raw)
        assert codes(answer) == {"company": "out_of_range"}
        raw = b'{"company": 1e400, "title": "Klic"}'
        assert codes(api.post("tasks", raw=raw)) == {"company": "wrong_type"}

    def test_many_unknown_fields_do_not_make_a_huge_answer(self, api: Api) -> None:
        answer = api.post("tasks", {f"x{n}": 1 for n in range(1000)})
        assert len(answer.json["errors"]) == 100


WRONG_EVENTS: list[tuple[str, Any, str]] = [
    ("company", "1", "wrong_type"),
    ("company", True, "wrong_type"),
    ("company", 1.0, "wrong_type"),
    ("company", None, "wrong_type"),
    ("company", 0, "out_of_range"),
    ("company", -1, "out_of_range"),
    ("company", 2**63, "out_of_range"),
    ("company", 10**100, "out_of_range"),
    ("title", "", "required"),
    ("title", " \u00a0 ", "required"),
    ("title", "x" * 201, "too_long"),
    ("title", "x" * 10_000, "too_long"),
    ("title", "a\x00b", "control_characters"),
    ("title", "a\nb", "control_characters"),
    ("title", "a\x1bb", "control_characters"),
    ("title", "a\ud800b", "control_characters"),
    ("title", "\udfff", "control_characters"),
    ("title", 5, "wrong_type"),
    ("title", None, "wrong_type"),
    ("title", ["a"], "wrong_type"),
    ("direction", "up", "unknown_choice"),
    ("direction", 1, "unknown_choice"),
    ("owner", False, "wrong_type"),
    ("owner", [], "wrong_type"),
    ("owner", "a@\x00", "control_characters"),
    ("owner", "a@\ud800", "control_characters"),
    ("participants", "ana", "wrong_type"),
    ("participants", {}, "wrong_type"),
    ("participants", [1] * 101, "too_many"),
    ("contacts", [10**9], "wrong_company"),
    ("contacts", list(range(1, 102)), "too_many"),
    ("importance", "huge", "unknown_choice"),
    ("importance", 1, "wrong_type"),
    ("product", 10**9, "unknown_choice"),
    ("product", "nothing", "unknown_choice"),
    ("text", "a\x00", "control_characters"),
    ("text", "a\ud800", "control_characters"),
    ("text", "x" * 100_001, "too_long"),
    ("text", 1, "wrong_type"),
    ("made_on", 1, "wrong_type"),
    ("done_at", "2026-03-01", "naive_time"),
    ("done_at", 1_700_000_000, "wrong_type"),
    ("done_at", "2126-03-01T10:00:00Z", "out_of_range"),
    ("result", "accepted", "wrong_result"),
    ("result", 1, "unknown_choice"),
    ("type", "dance", "unknown_choice"),
    ("type", 5, "wrong_type"),
    ("starts_at", None, "wrong_type"),
    ("starts_at", "2026-03-01T10:00:00", "naive_time"),
    ("starts_at", "2026-03-01", "naive_time"),
    ("starts_at", "", "not_a_date"),
    ("starts_at", "yesterday", "not_a_date"),
    ("starts_at", "2026-02-30T10:00:00Z", "not_a_date"),
    ("starts_at", "2026-03-01T10:00:00+99:00", "not_a_date"),
    ("starts_at", "0001-01-01T00:00:00+14:00", "out_of_range"),
    ("starts_at", "9999-12-31T23:59:59-12:00", "out_of_range"),
    ("starts_at", "1850-01-01T00:00:00Z", "out_of_range"),
    ("starts_at", 1_700_000_000, "wrong_type"),
    ("ends_at", "2026-03-01T09:59:59Z", "ends_before_start"),
    ("ends_at", "2026-03-01T11:00:00", "naive_time"),
    ("all_day", 1, "wrong_type"),
    ("all_day", "yes", "wrong_type"),
    ("place", "x" * 121, "too_long"),
    ("place", "\x07", "control_characters"),
    ("reason", "because", "unknown_choice"),
    ("reference", "D-26-00001", "unknown_field"),
    ("kind", "event", "unknown_field"),
    ("due_on", "2026-03-01", "unknown_field"),
    ("", 1, "unknown_field"),
]


class TestFields:
    @pytest.mark.parametrize(("field", "value", "code"), WRONG_EVENTS)
    def test_of_an_event(
        self, api: Api, company: Company, field: str, value: Any, code: str
    ) -> None:
        body = {"company": company.pk, "title": "Klic", "starts_at": STARTS}
        answer = api.post("events", {**body, field: value})
        assert_problem(answer, 422, code)
        assert set(codes(answer).values()) == {code}
        assert next(iter(codes(answer))).split(".")[0] == field
        assert not Activity.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"starts_on": "2026-03-02", "due_on": "2026-03-01"}, "due_before_start"),
            (
                {"starts_on": "2026-03-02", "due_at": "2026-03-01T00:00:00Z"},
                "due_before_start",
            ),
            ({"due_on": "2026-03-01", "due_at": STARTS}, "due_twice"),
            ({"due_on": STARTS}, "not_a_date"),
            ({"due_on": 20260301}, "wrong_type"),
            ({"due_on": "9999-12-31"}, "out_of_range"),
            ({"due_on": "2026-3-1"}, "not_a_date"),
            ({"due_on": "２０２６-03-01"}, "not_a_date"),
            ({"due_at": "2026-03-01T00:00:00"}, "naive_time"),
            ({"done_at": None, "result": "cancelled"}, "not_done"),
        ],
    )
    def test_of_a_task(
        self, api: Api, company: Company, fields: dict[str, Any], code: str
    ) -> None:
        answer = api.post("tasks", {"company": company.pk, "title": "X", **fields})
        assert_problem(answer, 422, code)
        assert not Activity.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            (
                {"recorded_on": "2026-03-02", "follow_up_on": "2026-03-01"},
                "follow_up_before_record",
            ),
            ({"quantity": 5}, "wrong_type"),
            ({"quantity": "5 kos"}, "wrong_type"),
            ({"quantity": "-5"}, "negative"),
            ({"quantity": "9" * 20}, "out_of_range"),
            ({"quantity": "Infinity"}, "wrong_type"),
            ({"type": "thought"}, "unknown_choice"),
        ],
    )
    def test_of_a_product_record(
        self, api: Api, company: Company, fields: dict[str, Any], code: str
    ) -> None:
        body = {"company": company.pk, "title": "X", **fields}
        assert_problem(api.post("product-records", body), 422, code)
        assert not Activity.objects.exists()

    @pytest.mark.parametrize(
        ("line", "field", "code"),
        [
            ({}, "lines.0.text", "required"),
            ({"text": "A", "quantity": 1}, "lines.0.quantity", "wrong_type"),
            ({"text": "A", "quantity": "-1"}, "lines.0.quantity", "negative"),
            ({"text": "A", "unit_price": "1e9"}, "lines.0.unit_price", "wrong_type"),
            (
                {"text": "A", "unit_price": "9" * 18},
                "lines.0.unit_price",
                "out_of_range",
            ),
            (
                {"text": "A", "discount_percent": "101"},
                "lines.0.discount_percent",
                "out_of_range",
            ),
            ({"text": "A", "vat_rate": "101"}, "lines.0.vat_rate", "out_of_range"),
            ({"text": "A" * 201}, "lines.0.text", "too_long"),
            ({"text": "A\x00"}, "lines.0.text", "control_characters"),
            ({"text": "A", "unit": "x" * 13}, "lines.0.unit", "too_long"),
            ({"text": "A", "product": True}, "lines.0.product", "wrong_type"),
            ({"text": "A", "product": 10**9}, "lines.0.product", "unknown_choice"),
            ({"text": "A", "color": "red"}, "lines.0.color", "unknown_field"),
            ("A", "lines.0", "wrong_type"),
        ],
    )
    def test_of_a_quotes_line(
        self, api: Api, company: Company, line: Any, field: str, code: str
    ) -> None:
        body = {"company": company.pk, "title": "X", "lines": [line]}
        answer = api.post("quotes", body)
        assert_problem(answer, 422, code)
        assert codes(answer) == {field: code}
        assert not Activity.objects.exists()

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"issued_on": "2026-03-02", "valid_until": "2026-03-01"}, None),
            ({"lines": {}}, "wrong_type"),
            ({"lines": [{"text": "A"}] * 501}, "too_many"),
            (
                {
                    "lines": [
                        {
                            "text": "A",
                            "unit_price": "999999999",
                            "quantity": "999999999",
                        }
                    ]
                },
                "out_of_range",
            ),
            ({"currency": "euro"}, "unknown_choice"),
            ({"currency": 5}, "wrong_type"),
            ({"sent_at": "2026-03-01"}, "naive_time"),
        ],
    )
    def test_of_a_quote(
        self, api: Api, company: Company, fields: dict[str, Any], code: str | None
    ) -> None:
        answer = api.post("quotes", {"company": company.pk, "title": "X", **fields})
        assert_problem(answer, 422, code or "valid_before_issue")
        assert not Activity.objects.exists()

    def test_names_of_fields_may_be_anything(self, api: Api, company: Company) -> None:
        body = {"company": company.pk, "title": "X", "a\ud800": 1, "\x00": 2}
        answer = api.post("tasks", body)
        assert_problem(answer, 422, "control_characters")
        assert not Activity.objects.exists()

    def test_emoji_are_letters_like_others(self, api: Api, company: Company) -> None:
        ref = api.event(company.pk, title="🤝 Dogovor 👩‍💻", place="🇸🇮")
        said = api.get(f"activities/{ref}").json
        assert (said["title"], said["place"]) == ("🤝 Dogovor 👩‍💻", "🇸🇮")


def cursor_of(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


BAD_CURSORS = [
    "x",
    "č",
    "%00",
    "====",
    cursor_of(5),
    cursor_of([]),
    cursor_of({}),
    cursor_of({"date": 1}),
    cursor_of(["date"]),
    cursor_of(["date", 5, "x"]),
    cursor_of(["date", "x", "x"]),
    cursor_of(["date", {"t": 5}, "x"]),
    cursor_of(["date", {"x": 5}, "x"]),
    cursor_of(["date", {"t": "2026-01-01T00:00:00"}, "x"]),
    cursor_of(["date", {"t": "0001-01-01T00:00:00+14:00"}, "x"]),
    cursor_of(["date", {"t": "2026-01-01T00:00:00Z"}, "\x00"]),
    cursor_of(["date", {"t": "2026-01-01T00:00:00Z"}, "\ud800"]),
    cursor_of(["date", {"t": "2026-01-01T00:00:00Z"}, None]),
    cursor_of(["date", {"t": "2026-01-01T00:00:00Z"}, ["x"]]),
    cursor_of(["date", True, "x"]),
    cursor_of(["name", "x", "abc"]),
    cursor_of(["name", "\x00", 1]),
    cursor_of(["title", "x", "y"]),
    base64.urlsafe_b64encode(b"[" * 5000).decode(),
    base64.urlsafe_b64encode(b"1:" + b"9" * 30 + b":").decode().rstrip("="),
    base64.urlsafe_b64encode(b"1:1,2,3,4:").decode().rstrip("="),
    base64.urlsafe_b64encode(b"1::nonsense").decode().rstrip("="),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
]


class TestCursors:
    @pytest.mark.parametrize("cursor", BAD_CURSORS, ids=range(len(BAD_CURSORS)))
    def test_a_made_up_one_is_refused(
        self, api: Api, company: Company, cursor: str
    ) -> None:
        ref = api.event(company.pk)
        for path in (
            "activities",
            "companies",
            "contacts",
            f"activities/{ref}/chain",
            f"activities/{ref}/linkable",
        ):
            answer = api.get(path, cursor=cursor)
            assert_problem(answer, 422, "bad_cursor")
            assert codes(answer) == {"cursor": "bad_cursor"}

    def test_another_lists_cursor_is_refused(self, api: Api, company: Company) -> None:
        for _ in range(3):
            api.event(company.pk)
        cursor = api.get("activities", limit=1).json["next"]
        assert_problem(api.get("companies", cursor=cursor), 422, "bad_cursor")


# ------------------------------------------------------------------ anything at all

ODD = st.sampled_from(
    [
        0,
        -1,
        1,
        2**31,
        2**63 - 1,
        2**63,
        -(2**63) - 1,
        10**400,
        True,
        None,
        1.5,
        1e308,
        "",
        " ",
        "\x00",
        "\ud800",
        "a\u202eb",
        "x" * 300,
        "D-26-00001",
        "d-26-1",
        "٣-26-00001",
        "2026-03-01",
        "2026-03-01T10:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59.999999-14:00",
        "2199-12-31",
        "1900-01-01",
        "NaN",
        "-0",
        "0.0000000001",
        "99999999999999999999",
        "call",
        "won",
        "accepted",
        "EUR",
        "ﬀﬁ",
        "u1@example.com",
        [],
        {},
        [None],
        [[]],
        [{"text": "A", "quantity": "0", "unit_price": "0.00005"}],
    ]
)
TEXTS = st.text(st.characters(), max_size=30)  # surrogates and controls too
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
ANYTHING = ODD | st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = [
    "company", "title", "direction", "owner", "participants", "contacts", "importance",
    "text", "product", "made_on", "done_at", "result", "type", "starts_at", "ends_at",
    "all_day", "place", "reason", "starts_on", "due_on", "due_at", "recorded_on",
    "follow_up_on", "quantity", "issued_on", "valid_until", "lines", "currency",
    "sent_at", "name", "status", "country", "email", "website", "phone", "tax_number",
    "account_owner", "prospect_type", "first_name", "last_name", "note", "function",
    "follow_up", "stimulus", "stage", "outcome", "value", "month", "confidential",
    "locked", "product_text", "competitor", "competitor_price", "competitor_currency",
    "opinion", "guests",
]  # fmt: skip
QUERY_NAMES = [
    "company", "kind", "state", "owner", "linked_to", "q", "from", "to", "limit",
    "cursor", "status", "country", "follow_up", "stimulus", "account_owner",
]  # fmt: skip
BODIES = st.dictionaries(st.sampled_from(FIELDS) | TEXTS, ANYTHING, max_size=6)
EXPECTED = {200, 201, 204, 400, 403, 404, 409, 413, 422}
FUZZ = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def world(api: Api, company: Company) -> dict[str, Any]:
    """What bodies may refer to, and the addresses that take bodies."""
    event = api.event(company.pk)
    task = api.task(company.pk, made_on=event)
    quote = api.quote(company.pk)
    contact = make_contact(company)
    valid = {
        "company": company.pk,
        "title": "Klic",
        "starts_at": STARTS,
        "name": "Gora",
        "last_name": "Kos",
        "text": "Besedilo",
        "follow_up": task,
        "stimulus": quote,
        "made_on": event,
    }
    calls = [
        ("POST", "events", {"company", "title", "starts_at", "made_on"}),
        ("POST", "tasks", {"company", "title"}),
        ("POST", "product-records", {"company", "title"}),
        ("POST", "quotes", {"company", "title"}),
        ("POST", "companies", {"name"}),
        ("POST", "contacts", {"company", "last_name"}),
        ("POST", "links", {"follow_up", "stimulus"}),
        ("POST", f"activities/{task}/done", set()),
        ("POST", f"activities/{quote}/done", set()),
        ("POST", f"activities/{event}/marks", set()),
        ("POST", f"activities/{event}/entries", {"text"}),
        ("PATCH", f"activities/{event}", set()),
        ("PATCH", f"activities/{task}", set()),
        ("PATCH", f"activities/{quote}", set()),
        ("PATCH", f"companies/{company.pk}", set()),
        ("PATCH", f"contacts/{contact.pk}", set()),
    ]
    return {"valid": valid, "calls": calls}


def assert_answered(answer: Answer) -> None:
    assert answer.status in EXPECTED, answer.text
    if answer.status >= 400:
        assert_problem(answer, answer.status, answer.json["code"])
        if answer.status == 422 and answer.json["code"] != "idempotency_mismatch":
            for one in answer.json["errors"]:
                assert one["code"]
                assert one["message"]


class TestAnything:
    """Nothing that is sent makes the server fail or the chains untrue."""

    @FUZZ
    @given(data=st.data())
    def test_bodies(self, api: Api, world: dict[str, Any], data: st.DataObject) -> None:
        method, path, needed = data.draw(st.sampled_from(world["calls"]))
        body: Any = {name: world["valid"][name] for name in needed}
        body |= data.draw(BODIES)
        if data.draw(st.integers(0, 9)) == 0:
            body = data.draw(ANYTHING)
        assume(not (isinstance(body, float) and not math.isfinite(body)))
        assert_answered(api.call(method, path, body))
        assert not list(find_differences())

    @FUZZ
    @given(raw=st.binary(max_size=60))
    def test_bytes(self, api: Api, world: dict[str, Any], raw: bytes) -> None:
        for method, path, _ in world["calls"]:
            assert_answered(api.call(method, path, raw=raw))

    @FUZZ
    @given(
        path=st.sampled_from(
            ["activities", "events", "companies", "contacts", "links/preview"]
        ),
        query=st.dictionaries(
            st.sampled_from(QUERY_NAMES),
            st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
            | st.sampled_from(["1", "D-26-00001", "2026-03-01", "done", "event", "a@b"])
            | st.sampled_from(BAD_CURSORS)
            | st.integers().map(str),
            max_size=4,
        ),
    )
    def test_queries(
        self, api: Api, world: dict[str, Any], path: str, query: dict[str, str]
    ) -> None:
        named = {f"{name}_": value for name, value in query.items()}
        assert_answered(api.get(path, **named))

    @FUZZ
    @given(
        ref=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
        | st.sampled_from(["D-26-00001", "D-26-1 ", "٣-26-1", "%2F", "..", "d–26–1"]),
        what=st.sampled_from(["", "/chain", "/linkable", "/entries"]),
    )
    def test_references(
        self, api: Api, world: dict[str, Any], ref: str, what: str
    ) -> None:
        from urllib.parse import quote

        assert_answered(api.get(f"activities/{quote(ref, safe='')}{what}"))

    @FUZZ
    @given(
        name=st.sampled_from(
            ["If-Match", "Idempotency-Key", "Accept-Language", "Authorization"]
        ),
        value=st.text(st.characters(max_codepoint=255), max_size=30),
    )
    def test_headers(
        self, api: Api, world: dict[str, Any], seller: User, name: str, value: str
    ) -> None:
        _, path, _ = world["calls"][11]
        answer = api.patch(path, {"title": "A"}, headers={name: value})
        assert answer.status in {*EXPECTED, 401}
        answer = api.post("companies", {"name": "Gora"}, headers={name: value})
        assert answer.status in {*EXPECTED, 401}
