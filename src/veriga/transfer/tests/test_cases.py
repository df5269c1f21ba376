"""From rows to cases: order, outcome, what is left out, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.event_logs import event_log

from veriga.activities.rules.words import Outcome
from veriga.transfer.rules.cases import each, read_log
from veriga.transfer.rules.faults import FileFault
from veriga.transfer.rules.reading_mapping import read_mapping

from .factories import LOG, MAPPING, XES, written

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def read(folder, text=LOG, mapping=MAPPING, name="log.csv"):
    found = read_mapping(str(written(folder, mapping, "map.toml")))
    return read_log(written(folder, text, name), found, NOW)


def test_a_log_becomes_cases(tmp_path):
    log = read(tmp_path)
    first, second, third = log.cases
    assert [one.title for one in first.activities] == [
        "ask", "note of a call", "offer", "order",
    ]  # fmt: skip
    assert [one.number for one in first.activities] == [1, 4, 3, 5]
    assert first.activities[0].start == datetime(2026, 1, 12, 8, tzinfo=UTC)
    assert second.activities[0].start == datetime(2026, 1, 12, 9, tzinfo=UTC)
    assert first.activities[2].amount_minor == 120_050
    assert (first.outcome, first.closed_in) == (Outcome.WON, 3)
    assert (second.outcome, second.company) == (Outcome.LOST, "B")
    assert (third.outcome, third.closed_at) == (Outcome.OPEN, None)
    assert (log.events, log.activities, log.empty_cases) == (9, 7, 1)
    assert log.left_out == {"noise": 2}
    assert log.owners() == {"Ana", "Bo", ""}
    assert log.companies() == {"A", "B"}
    assert (log.first_at, log.last_at) == (
        datetime(2026, 1, 12, 8, tzinfo=UTC),
        datetime(2026, 2, 1, 8, tzinfo=UTC),
    )


def test_only_the_last_event_may_close_where_the_mapping_says_so(tmp_path):
    mapping = MAPPING.replace("[outcome]", '[outcome]\nby = "last"')
    text = LOG + "1,note later,2026-02-10 09:00,Ana,A,\n"
    assert read(tmp_path, text).cases[0].outcome is Outcome.WON
    assert read(tmp_path, text, mapping).cases[0].outcome is Outcome.OPEN


def test_the_last_of_several_ends_counts(tmp_path):
    text = LOG + "2,order,2026-01-25 09:00,Bo,B,\n"
    case = read(tmp_path, text).cases[1]
    assert (case.outcome, case.closed_in) == (Outcome.WON, 2)


def test_an_end_that_is_skipped_closes_the_activity_before_it(tmp_path):
    mapping = MAPPING.replace('won = "order"', 'won = "noise"')
    case = read(tmp_path, LOG, mapping).cases[0]
    assert (case.outcome, case.closed_in) == (Outcome.WON, 0)


def test_xes_needs_only_case_activity_and_time(tmp_path):
    mapping = (
        MAPPING.replace('"case"', '"case:concept:name"')
        .replace('"what"', '"concept:name"')
        .replace('"when"', '"time:timestamp"')
        .replace('"who"', '"org:resource"')
        .replace('match = "ask"', 'match = "ask*"')
    )
    (case,) = read(tmp_path, XES, mapping, "log.xes").cases
    assert [one.owner for one in case.activities] == ["", "Ana"]
    assert (case.company, case.outcome) == ("1", Outcome.WON)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("case,what", "Case,what", 'column "case": is missing'),
        ("1,offer", "1,offfer", 'line 5, column "what": no [[activities]]'),
        (
            "2026-01-20 12:00",
            "20. 1. 2026",
            'line 7, column "when": "20. 1. 2026" is no',
        ),
        ("2026-01-20 12:00", "", 'line 7, column "when": "" is no time'),
        ("2026-01-20 12:00", "2026-13-01", 'line 7, column "when"'),
        ("2026-01-20 12:00", "2027-01-20", "is before 1970 or to come"),
        ("2026-01-20 12:00", "0001-01-01", 'line 7, column "when"'),
        ("1200.50", "a lot", 'line 5, column "amount": "a lot" is no number'),
        ("1200.50", "NaN", 'line 5, column "amount"'),
        ("1200.50", "-1", "is out of range"),
        ("1200.50", "1e99", 'line 5, column "amount"'),
        ("1200.50", "1e999999", 'line 5, column "amount"'),
        ("2,refusal", ",refusal", 'line 8, column "case": is empty'),
        ("2,refusal", "x" * 40 + ",refusal", "is longer than 36 characters"),
        ("2,refusal,", "2,ref\x00usal,", "line 8"),
        ("Bo,B,\n3", "B\x07o,B,\n3", 'line 8, column "who": has control characters'),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(tmp_path, old, new, said):
    assert old in LOG
    with pytest.raises(FileFault) as caught:
        read(tmp_path, LOG.replace(old, new, 1))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("case,what,when,who,customer,amount\n", "has no events"),
        (
            "case,what,when,who,customer,amount\n1,noise,2026-01-12,A,B,\n",
            "has no event that the mapping does not skip",
        ),
    ],
)
def test_a_log_without_activities_is_refused(tmp_path, text, said):
    with pytest.raises(FileFault, match=said):
        read(tmp_path, text)


def test_times_in_another_form(tmp_path):
    mapping = MAPPING.replace("[time]", '[time]\nformat = "%d.%m.%Y %H:%M"')
    text = "case,what,when,who,customer,amount\n1,ask,12.01.2026 09:00,Ana,A,\n"
    (case,) = read(tmp_path, text, mapping).cases
    assert case.activities[0].start == datetime(2026, 1, 12, 8, tzinfo=UTC)
    with pytest.raises(FileFault, match="is no time in the form %d"):
        read(tmp_path, LOG, mapping)


def test_an_end_before_its_start_is_refused(tmp_path):
    mapping = MAPPING.replace('start = "when"', 'start = "when"\nend = "who"')
    text = LOG.replace("Ana", "2026-01-11").replace("Bo", "2026-01-30")
    with pytest.raises(FileFault, match='line 2, column "who": is before the start'):
        read(tmp_path, text, mapping)


@given(sizes=st.lists(st.integers(1, 9), max_size=9), most=st.integers(1, 20))
def test_portions_hold_every_case_once(sizes, most):
    class Case:
        def __init__(self, size):
            self.activities = range(size)

    cases = [Case(size) for size in sizes]
    portions = list(each(cases, most))
    assert [case for portion in portions for case in portion] == cases
    for portion in portions[:-1]:
        assert sum(len(case.activities) for case in portion) >= most


@pytest.mark.parametrize(
    ("name", "file", "cases", "won"),
    [
        ("bpi2017", "bpi2017/events_sample.csv.gz", 975, 305),
        (
            "helpdesk_customers",
            "helpdesk_customers/helpdesk_events.csv.gz",
            1_937,
            1_928,
        ),
    ],
)
def test_the_shipped_mappings_fit_the_public_logs(name, file, cases, won):
    log = read_log(event_log(file), read_mapping(name), NOW)
    assert len(log.cases) == cases
    assert sum(case.outcome is Outcome.WON for case in log.cases) == won


def test_a_public_log_in_xes(tmp_path):
    mapping = """
        [log]
        name = "sepsis"
        [columns]
        case = "case:concept:name"
        activity = "concept:name"
        start = "time:timestamp"
        [[activities]]
        match = "*"
        kind = "task"
    """
    found = read_mapping(str(written(tmp_path, mapping, "map.toml")))
    log = read_log(event_log("sepsis/SEPSIS.xes.gz"), found, NOW)
    assert (len(log.cases), log.activities) == (1_050, 15_214)
