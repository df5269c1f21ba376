"""The demo's content: enough of it, in both languages alike, and nothing impossible."""

import re
from collections import Counter
from pathlib import Path
from string import Formatter

import pytest

from veriga.demo import content
from veriga.demo.content import LANGUAGES, PHASES, load
from veriga.demo.content.types import Content, Line

# The event types of LISTS with their direction.
EVENT_TYPES = {
    "call": "out",
    "call_in": "in",
    "visit": "out",
    "visit_in": "in",
    "meeting": "out",
    "video_meeting": "out",
    "email": "out",
    "email_in": "in",
    "enquiry": "in",
    "complaint": "in",
    "fair": "out",
    "chance_meeting": "in",
    "invitation": "out",
    "demonstration": "out",
    "internal_meeting": "internal",
}
RECORD_TYPES = {
    "interest": "in",
    "sample_sent": "out",
    "test": "in",
    "in_use": "in",
    "objection": "in",
    "complaint": "in",
    "competitor_product": "in",
}
STAGES = (
    "first_contact",
    "need_recognised",
    "solution_presented",
    "quote_sent",
    "negotiation",
)
MARKS = {"product", "town"}


@pytest.fixture(params=LANGUAGES)
def loaded(request: pytest.FixtureRequest) -> Content:
    return load(request.param)


def all_lines(loaded: Content) -> tuple[Line, ...]:
    return loaded.lines + loaded.planned


def marks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


class TestLines:
    def test_there_are_enough_distinct_ones(self, loaded: Content) -> None:
        titles = [line.title for line in all_lines(loaded)]
        texts = [text for line in all_lines(loaded) for text in line.texts]

        assert [t for t, n in Counter(titles).items() if n > 1] == []
        assert [t for t, n in Counter(texts).items() if n > 1] == []
        assert len(titles) >= 340
        assert len(texts) >= 340

    def test_both_languages_are_parallel(self) -> None:
        slovenian, english = (all_lines(load(language)) for language in ("sl", "en"))

        assert len(slovenian) == len(english)
        for one, other in zip(slovenian, english, strict=True):
            assert shape(one) == shape(other), (one.title, other.title)

    def test_languages_share_no_prose(self) -> None:
        slovenian, english = (
            {text for line in all_lines(load(language)) for text in line.texts}
            for language in ("sl", "en")
        )

        assert slovenian & english == set()

    def test_types_and_directions_are_those_of_the_lists(self, loaded: Content) -> None:
        for line in all_lines(loaded):
            assert line.direction == direction_of(line), line.title

    def test_planned_lines_are_events_that_can_be_planned(
        self, loaded: Content
    ) -> None:
        plannable = set(EVENT_TYPES) - {
            *("call_in", "email_in", "enquiry", "complaint", "chance_meeting"),
            "email",
        }

        assert {line.kind for line in loaded.planned} == {"event"}
        assert {line.type for line in loaded.planned} <= plannable

    def test_every_phase_has_lines_of_several_kinds(self, loaded: Content) -> None:
        for phase in PHASES:
            mine = [line for line in loaded.lines if line.phase == phase]
            assert len(mine) >= 12, phase
            assert len({line.kind for line in mine}) >= 2, phase
        assert {line.phase for line in loaded.lines} == set(PHASES)
        assert {line.phase for line in loaded.planned} == set(PHASES)

    def test_every_event_and_record_type_occurs(self, loaded: Content) -> None:
        types = {(line.kind, line.type) for line in loaded.lines}

        assert {type_ for kind, type_ in types if kind == "event"} == set(EVENT_TYPES)
        assert {t for kind, t in types if kind == "product_record"} == set(RECORD_TYPES)

    def test_titles_are_short_even_when_filled_in(self, loaded: Content) -> None:
        product = max((item.name for item in loaded.products), key=len)
        town = max((item.town for item in loaded.companies), key=len)

        for line in all_lines(loaded):
            assert len(line.title.format(product=product, town=town)) <= 80, line.title

    def test_placeholders_stand_where_the_nominative_is_right(
        self, loaded: Content
    ) -> None:
        for line in all_lines(loaded):
            for text in (line.title, *line.texts):
                assert marks(text) <= MARKS, text
                for match in re.finditer(r"\{", text):
                    assert text[: match.start()].endswith((": ", "(")), text

    def test_a_line_about_one_product_names_no_other(self, loaded: Content) -> None:
        codes = {product.code for product in loaded.products}

        for line in all_lines(loaded):
            assert line.product in codes | {""}, line.title
            if line.product:
                assert "product" not in marks(" ".join((line.title, *line.texts)))

    def test_texts_are_tidy(self, loaded: Content) -> None:
        for line in all_lines(loaded):
            assert 1 <= len(line.texts) <= 3, line.title
            assert not line.title.endswith("."), line.title
            for text in line.texts:
                assert 10 <= len(text) <= 300, text
                assert text == " ".join(text.split()), text
                assert text[-1] in ".?!", text

    def test_slovenian_is_typed_with_slovenian_signs(self) -> None:
        for line in all_lines(load("sl")):
            for text in (line.title, *line.texts):
                assert not re.search(r"[\"“”'’]|\d%|\d\.\d{1,2}\b(?!\d)", text), text


class TestCompanies:
    def test_there_are_three_hundred_of_them(self, loaded: Content) -> None:
        companies = loaded.companies

        assert len(companies) == 300
        assert len({company.name for company in companies}) == 300
        assert len({company.domain for company in companies}) == 300
        assert all(re.fullmatch(r"[a-z0-9-]+\.example", c.domain) for c in companies)

    def test_the_first_is_the_prospect_of_the_story(self, loaded: Content) -> None:
        first = loaded.companies[0]

        assert (first.name, first.town) == ("Alpina Pak d.o.o.", "Kranj")
        assert first.prospect

    def test_about_one_in_eight_is_foreign(self, loaded: Content) -> None:
        countries = Counter(company.country for company in loaded.companies)

        assert set(countries) == {"SI", "AT", "DE", "HR", "IT"}
        assert 30 <= 300 - countries["SI"] <= 42
        assert countries["DE"] >= 6

    def test_addresses_look_right(self, loaded: Content) -> None:
        digits = {"SI": 4, "AT": 4, "DE": 5, "HR": 5, "IT": 5}

        for company in loaded.companies:
            assert re.fullmatch(rf"\d{{{digits[company.country]}}}", company.postcode)
            assert re.search(r"\d+[a-z]?$", company.street), company.street
            assert company.industry
            assert company.town

    def test_a_postcode_belongs_to_one_town(self, loaded: Content) -> None:
        towns: dict[tuple[str, str], set[str]] = {}
        for company in loaded.companies:
            key = (company.country, company.postcode)
            towns.setdefault(key, set()).add(company.town)

        assert [place for place in towns.items() if len(place[1]) > 1] == []


class TestPeople:
    def test_twelve_users_in_three_teams(self, loaded: Content) -> None:
        assert len(loaded.users) == 12
        assert len({user.email for user in loaded.users}) == 12
        assert {user.team for user in loaded.users} == {*loaded.teams, ""}
        assert len(loaded.teams) == 3
        for user in loaded.users:
            assert user.email.endswith("@savinjapak.example")
            assert user.email.isascii()

    def test_the_named_people_have_their_roles(self, loaded: Content) -> None:
        roles = {f"{user.first} {user.last}": user for user in loaded.users}

        assert roles["Maja Kovač"].role == "sales"
        assert roles["Rok Zupan"].role == "sales"
        assert roles["Ana Bizjak"].role == "sales"
        assert (roles["Tomaž Vidmar"].role, roles["Tomaž Vidmar"].scope) == (
            "manager",
            "all",
        )
        counts = Counter(user.role for user in loaded.users)
        assert counts["administrator"] == counts["reader"] == 1
        assert any(u.role == "manager" and u.scope == "team" for u in loaded.users)

    def test_everybody_in_the_story_is_of_one_team_or_sees_all(
        self, loaded: Content
    ) -> None:
        users = {user.email: user for user in loaded.users}
        seen = {users[step.actor] for step in loaded.story}

        assert len({user.team for user in seen if user.scope != "all"}) == 1

    def test_there_are_names_for_every_country(self, loaded: Content) -> None:
        countries = {company.country for company in loaded.companies}

        for names in (loaded.first_names_f, loaded.first_names_m, loaded.last_names):
            assert set(names) == countries
            assert all(len(set(some)) == len(some) for some in names.values())
            assert all(len(some) >= 20 for some in names.values())
        assert len(loaded.last_names["SI"]) >= 120

    def test_functions_are_named_in_the_language(self) -> None:
        slovenian, english = (load(language).functions for language in ("sl", "en"))

        assert [f.code for f in slovenian] == [f.code for f in english]
        assert [f.name for f in slovenian] == [
            *("Direktor", "Vodja nabave", "Vodja proizvodnje"),
            *("Vodja prodaje", "Tehnolog", "Računovodstvo"),
        ]


class TestProductsAndQuotes:
    def test_prices_and_codes_are_the_same_in_both_languages(self) -> None:
        slovenian, english = (load(language).products for language in ("sl", "en"))

        assert [(p.code, p.price_cents, p.is_main) for p in slovenian] == [
            (p.code, p.price_cents, p.is_main) for p in english
        ]
        assert len({p.code for p in slovenian}) == len(slovenian) >= 25

    def test_every_quoted_product_has_its_lines(self, loaded: Content) -> None:
        products = {product.code: product for product in loaded.products}
        quotes = {quote.product: quote for quote in loaded.quote_texts}

        assert len(quotes) == len(loaded.quote_texts)
        assert {p.code for p in loaded.products if p.is_main} <= set(quotes)
        for line in loaded.lines:
            if line.kind == "quote" and line.product:
                assert line.product in quotes, line.title
        for quote in loaded.quote_texts:
            for item in quote.items:
                assert item.price_cents == products[item.code].price_cents
                assert float(item.quantity) > 0

    def test_every_main_product_has_a_quote_of_its_own(self, loaded: Content) -> None:
        quoted = {line.product for line in loaded.lines if line.kind == "quote"}

        assert {p.code for p in loaded.products if p.is_main} <= quoted

    def test_results_are_the_same_in_both_languages(self) -> None:
        slovenian, english = (load(language).results for language in ("sl", "en"))

        assert {key: len(texts) for key, texts in slovenian.items()} == {
            key: len(texts) for key, texts in english.items()
        }
        assert set(slovenian) == {
            *("not_reached", "cancelled"),
            *("accepted", "declined", "withdrawn", "expired"),
        }

    def test_there_are_terms_and_five_hints(self, loaded: Content) -> None:
        assert len(loaded.quote_terms) >= 5
        assert len(set(loaded.hints)) == 5


class TestStory:
    def test_steps_follow_earlier_steps(self, loaded: Content) -> None:
        seen: dict[str, int] = {}

        for step in loaded.story:
            if step.follows is not None:
                assert seen[step.follows] >= step.days_before_today, step.key
            assert (step.follows is None) == (step.reason == "")
            assert step.reason in {"", "link", "made_on"}
            assert step.key not in seen
            seen[step.key] = step.days_before_today
        assert 12 <= len(seen) <= 14

    def test_two_things_begin_without_a_stimulus(self, loaded: Content) -> None:
        origins = [step.key for step in loaded.story if step.follows is None]

        assert origins == ["fair", "loose_email"]

    def test_codes_are_known(self, loaded: Content) -> None:
        users = {user.email for user in loaded.users}
        products = {product.code for product in loaded.products}
        contacts = {contact.key for contact in loaded.story_contacts}

        for step in loaded.story:
            line = Line("", step.kind, step.type, step.direction, step.title, ())
            assert step.direction == direction_of(line), step.key
            assert step.actor in users
            assert step.product in products | {""}
            assert step.stage in {*STAGES, ""}
            assert set(step.contacts) <= contacts
            assert {item.code for item in step.lines} <= products
            assert len(step.title) <= 80
            assert marks(step.title + step.text) == set()
            assert step.done == (step.result == "carried_out")

    def test_stages_only_advance(self, loaded: Content) -> None:
        stages = [STAGES.index(step.stage) for step in loaded.story if step.stage]

        assert stages == sorted(stages)
        assert len(stages) == 4

    def test_the_first_quote_comes_after_more_than_a_year(
        self, loaded: Content
    ) -> None:
        fair = loaded.story[0]
        (quote,) = (step for step in loaded.story if step.kind == "quote")

        assert fair.days_before_today == 432
        assert fair.days_before_today - quote.days_before_today > 365
        assert quote.due_days_before is not None
        assert quote.due_days_before < 0
        total = sum(int(item.quantity) * item.price_cents for item in quote.lines)
        assert total == 4_820_000

    def test_one_call_needs_action_today(self, loaded: Content) -> None:
        late = [
            step.key
            for step in loaded.story
            if not step.done and (step.due_days_before or 0) > 0
        ]

        assert late == ["overdue_call"]

    def test_both_languages_tell_the_same_story(self) -> None:
        slovenian, english = (load(language).story for language in ("sl", "en"))

        for one, other in zip(slovenian, english, strict=True):
            assert (one.key, one.days_before_today, one.follows, one.lines) == (
                *(other.key, other.days_before_today, other.follows, other.lines),
            )
            assert one.title != other.title


def test_content_is_plain_data() -> None:
    folder = Path(content.__file__).parent

    for path in folder.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        imports = re.findall(r"^(?:from|import) (\S+)", source, flags=re.MULTILINE)
        assert not any(name.startswith("django") for name in imports), path.name
        for name in imports:
            if name.startswith("veriga"):
                assert name.startswith("veriga.demo.content"), path.name
        assert source.count("\n") <= 500, path.name


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError):
        load("de")


def shape(line: Line) -> tuple[object, ...]:
    return (
        *(line.phase, line.kind, line.type, line.direction, line.product),
        marks(line.title),
        tuple(frozenset(marks(text)) for text in line.texts),
    )


def direction_of(line: Line) -> str:
    if line.kind == "event":
        return EVENT_TYPES[line.type]
    if line.kind == "product_record":
        return RECORD_TYPES[line.type]
    assert line.type == ""
    return {"task": "internal", "quote": "out"}[line.kind]
