"""Conditions of lists: their written form, and what they find, against plain Python."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veriga.access.queries import actor_of
from veriga.access.tests.factories import NOW, make_user
from veriga.activities.models import Activity, Chain
from veriga.activities.queries.filters import ActivityFilters
from veriga.activities.queries.lists import count_activities, list_activities
from veriga.activities.queries.narrowing import RunningFilters
from veriga.activities.queries.running import count_running, list_running
from veriga.activities.rules.words import NOT_CARRIED_OUT, KindCode, Outcome
from veriga.activities.services import (
    close_sale,
    delete_activity,
    finish_activity,
    set_stage,
)
from veriga.activities.tests.factories import acting, make_activity
from veriga.common.errors import Invalid
from veriga.parties.models import Company
from veriga.parties.queries import (
    CompanyFilters,
    ContactFilters,
    count_companies,
    count_contacts,
    list_contacts,
)
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.working import working_calendar
from veriga.work.queries.companies import list_company_rows
from veriga.work.queries.conditions import (
    activities_where,
    chains_where,
    companies_where,
    contacts_where,
)
from veriga.work.rules.conditions import (
    MOST_ALTERNATIVES,
    MOST_GROUPS,
    OF_COMPANY,
    OF_NOTHING,
    WITH_DAYS,
    Condition,
    What,
    Where,
    make_condition,
    read_where,
    without,
    write_where,
)

KINDS = ("event", "event.visit", "event.fair", "task", "product_record", "quote")
conditions = st.one_of(
    st.builds(
        lambda what, of, days: Condition(what, of, days if what in WITH_DAYS else None),
        st.sampled_from([w for w in What if w not in (What.OUTCOME, What.STAGE)]),
        st.sampled_from(KINDS),
        st.integers(1, 2_000),
    ).map(lambda c: Condition(c.what, "", c.days) if c.what in OF_NOTHING else c),
    st.builds(Condition, st.just(What.OUTCOME), st.sampled_from(list(Outcome))),
    st.builds(Condition, st.just(What.STAGE), st.sampled_from(["-", "quote_sent"])),
)
groups = st.lists(conditions, min_size=1, max_size=MOST_ALTERNATIVES, unique=True).map(
    tuple
)
wheres = st.lists(groups, max_size=MOST_GROUPS, unique=True).map(tuple)


class TestWrittenForm:
    @given(wheres)
    def test_what_is_written_is_read_again(self, where: Where) -> None:
        assert read_where(write_where(where)) == where

    @given(st.text(alphabet="nohasbeganstage:;|.-0123456789 '\"%\x00", max_size=80))
    def test_whatever_stands_in_an_address_is_no_error(self, text: str) -> None:
        where = read_where(text)
        assert read_where(write_where(where)) == where

    def test_what_makes_no_sense_is_passed_over(self) -> None:
        read = read_where("no:event.visit:60;nonsense:x;has:letter|has:quote;silent")
        assert write_where(read) == "no:event.visit:60;has:quote"

    def test_one_is_taken_away(self) -> None:
        where = read_where("no:event.visit:60|has:quote;silent:20")
        assert write_where(without(where, 0, 0)) == "has:quote;silent:20"
        assert write_where(without(where, 1, 0)) == "no:event.visit:60|has:quote"

    @pytest.mark.parametrize(
        ("given", "field", "code"),
        [
            (("nonsense", ""), "what", "unknown_choice"),
            (("no", "event", None), "days", "required"),
            (("no", "event", 0), "days", "between"),
            (("silent", "", 2_001), "days", "between"),
            (("has", ""), "of", "required"),
            (("has", "letter"), "of", "unknown_choice"),
            (("has", "event.'; DROP"), "of", "unknown_choice"),
            (("outcome", "asleep"), "of", "unknown_choice"),
            (("stage", ""), "of", "required"),
        ],
    )
    def test_faults_name_the_field(self, given: Any, field: str, code: str) -> None:
        with pytest.raises(Invalid) as refused:
            make_condition(*given)
        (error,) = refused.value.errors
        assert (error.field, error.code) == (field, code)


@pytest.mark.django_db
class TestFound:
    """Of random work at many companies, what each condition finds."""

    def test_as_plain_python_finds_it(self) -> None:
        maja = make_user(name="Maja")
        companies = [make_company(owner=maja) for _ in range(8)]
        for one in companies:
            make_contact(one)
        _work(maja, companies, random.Random(7))
        actor = actor_of(maja)
        texts = [
            *(f"{what}:{of}:{days}" for what in ("no", "did")
              for of in ("", *KINDS) for days in (1, 5, 20)),
            *(f"{what}:{of}" for what in ("planned", "unplanned")
              for of in ("", *KINDS)),
            *(f"{what}:{of}" for what in ("began", "has", "lacks") for of in KINDS),
            *("silent:3", "silent:15", "older:10", "older:30", "stage:-"),
            *("stage:quote_sent", "outcome:open", "outcome:lost"),
            "began:event.fair;lacks:quote",
            "began:event.fair|began:task;lacks:quote|outcome:lost;no:event.visit:10",
            "has:quote|no:event:5;silent:2",
        ]  # fmt: skip
        seen = set()
        for text in texts:
            where = read_where(text)
            assert write_where(where) == text
            found = _found_by_plain(where)
            seen |= {(len(found[0]) > 0, len(found[0]) < len(companies))}
            rows = list_company_rows(
                actor,
                CompanyFilters(further=companies_where(where, NOW)),
                now=NOW,
                limit=200,
            ).rows
            assert {row.id for row in rows} == found[0], text
            filters = CompanyFilters(further=companies_where(where, NOW))
            assert count_companies(actor, filters, limit=50) == len(found[0])
            people = ContactFilters(further=contacts_where(where, NOW))
            at = list_contacts(actor, people, limit=200).rows
            assert {person.company_id for person in at} == found[0], text
            assert count_contacts(actor, people, limit=50) == len(found[0])
            work = ActivityFilters(further=activities_where(where, NOW))
            page = list_activities(actor, work, now=NOW, limit=200)
            assert {row.id for row in page.rows} == found[1], text
            assert count_activities(actor, work, now=NOW) == len(found[1])
            chains = RunningFilters(further=chains_where(where, NOW))
            shown = list_running(actor, chains, now=NOW, limit=200)
            assert {row.id for row in shown.rows} == found[2], text
            assert count_running(actor, chains, now=NOW) == len(found[2])
        # Else nothing would have been told apart.
        assert (True, True) in seen


def _work(user: Any, companies: list[Company], dice: random.Random) -> None:
    made: dict[int, list[Activity]] = {}
    for _ in range(90):
        company = dice.choice(companies)
        kind = dice.choice(["event", "event", "task", "product_record", "quote"])
        days = dice.randint(-6, 60)
        given: dict[str, Any] = {"days_ago": days} if kind == "event" else {}
        if kind == "event":
            given["type"] = dice.choice(["visit", "fair", "call"])
        elif kind == "task":
            given["due_on"] = (NOW - timedelta(days=days)).date()
        else:
            given["now"] = NOW - timedelta(days=abs(days))
        earlier = made.setdefault(company.pk, [])
        if earlier and dice.random() < 0.6:
            given["follows"] = dice.choice(earlier).reference
        one = make_activity(user, company, kind, **given)
        earlier.append(one)
        context = acting(user)
        if kind == "task" and dice.random() < 0.5:
            result = dice.choice(["carried_out", "cancelled"])
            finish_activity(context=context, reference=one.reference, result=result)
        if dice.random() < 0.1:
            stage = "quote_sent"
            set_stage(context=context, reference=one.reference, stage=stage)
        if dice.random() < 0.1:
            close_sale(context=context, reference=one.reference, outcome="lost")
        if dice.random() < 0.05:
            delete_activity(context=context, reference=one.reference)
            earlier.remove(one)


def _found_by_plain(where: Where) -> tuple[set[int], set[int], set[int]]:
    """Return the companies, activities and running chains of which it is true."""
    living = list(Activity.objects.filter(deleted_at__isnull=True))
    chains = {
        chain.pk: (chain, [a for a in living if a.chain_id == chain.pk])
        for chain in Chain.objects.all()
    }
    work = {
        company.pk: [a for a in living if a.company_id == company.pk]
        for company in Company.objects.all()
    }
    apart = [g for g in where if all(one.what in OF_COMPANY for one in g)]
    joined = [g for g in where if g not in apart]

    def holds(group: Any, company: int, chain: int | None = None) -> bool:
        return any(_holds(one, work[company], chains.get(chain or 0)) for one in group)

    def chain_fits(pk: int, of: list[Any]) -> bool:
        return all(holds(group, chains[pk][0].company_id, pk) for group in of)

    companies = {
        pk
        for pk in work
        if all(holds(group, pk) for group in apart)
        and (
            not joined
            or any(
                chain_fits(chain.pk, joined)
                for chain, _members in chains.values()
                if chain.company_id == pk
            )
        )
    }
    fitting = {pk for pk in chains if chain_fits(pk, list(where))}
    return (
        companies,
        {a.pk for a in living if a.chain_id in fitting},
        {pk for pk in fitting if chains[pk][0].is_running},
    )


def _holds(one: Condition, work: list[Activity], chain: Any) -> bool:
    def is_of(activity: Activity) -> bool:
        kind, _dot, code = one.of.partition(".")
        return (not kind or activity.kind == KindCode(kind)) and (
            not code or activity.type_code == code
        )

    def is_held(activity: Activity) -> bool:
        return activity.done_at is not None and activity.result not in NOT_CARRIED_OUT

    if one.what in (What.WITHIN, What.NOT_WITHIN):
        assert one.days is not None
        within = any(
            is_of(a)
            and is_held(a)
            and a.occurred_at is not None
            and a.occurred_at <= NOW
            and _exactly(a.occurred_at) <= one.days
            for a in work
        )
        return within is (one.what is What.WITHIN)
    if one.what in (What.AHEAD, What.NOT_AHEAD):
        ahead = any(
            is_of(a) and a.done_at is None and (a.due_at is None or a.due_at > NOW)
            for a in work
        )
        return ahead is (one.what is What.AHEAD)
    kept, members = chain
    if one.what is What.BEGAN:
        return is_of(next(a for a in members if a.pk == kept.origin_id))
    if one.what in (What.HAS, What.LACKS):
        has = any(is_of(a) and a.result not in NOT_CARRIED_OUT for a in members)
        return has is (one.what is What.HAS)
    if one.what is What.SILENT:
        assert one.days is not None
        return (
            kept.last_acted_at is not None and _exactly(kept.last_acted_at) > one.days
        )
    if one.what is What.OLDER:
        assert one.days is not None
        return _exactly(min(a.date for a in members)) > one.days
    if one.what is What.STAGE:
        return bool(kept.stage == ("" if one.of == "-" else one.of))
    return bool(kept.outcome == one.of)


def _exactly(instant: datetime) -> float:
    """Return the working days from an instant to now, parts of days too."""
    return working_calendar().working_days(instant, NOW)
