"""Mappings: those that are shipped, and those that somebody mistyped."""

from __future__ import annotations

import pytest

from veriga.transfer.rules.faults import FileFault
from veriga.transfer.rules.reading_mapping import read_mapping, shipped_mappings

from .factories import MAPPING, written


@pytest.mark.parametrize("name", ["bpi2012", "bpi2017", "helpdesk_customers"])
def test_what_is_shipped_can_be_read(name):
    assert name in shipped_mappings()
    assert read_mapping(name).activities


def test_the_first_rule_that_fits_counts(tmp_path):
    mapping = read_mapping(str(written(tmp_path, MAPPING, "map.toml")))
    assert mapping.rule_of("ask", "").type_code == "enquiry"
    assert mapping.rule_of("note of a call", "").kind == "task"
    assert mapping.rule_of("noise", "").kind == ""
    assert mapping.rule_of("something else", "") is None
    bank = read_mapping("bpi2012")
    assert bank.rule_of("W_Nabellen offertes", "start").kind == ""
    assert bank.rule_of("W_Nabellen offertes", "COMPLETE").type_code == (
        "call_after_offer"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "tickets"', "", "log.name: is missing"),
        ('name = "tickets"', 'name = "My log"', "log.name: must be at most 16"),
        ('case = "case"', "", "columns.case: is missing"),
        ('case = "case"', "case = 3", "columns.case: must be a text"),
        ('who"', 'who"\nfoo = "x"', "columns.foo: is not known here"),
        ("Europe/Ljubljana", "Europe/Ptuj", 'time.zone: "Europe/Ptuj" is no time zone'),
        ("Europe/Ljubljana", "../../etc", "time.zone"),
        ("Stranka {value}", "Stranka", "company.name: must contain {value}"),
        ('["refusal"]', '["order"]', '"order" stands in two outcomes'),
        ('kind = "task"', 'kind = "tsk"', "activities[5].kind: must be one of event"),
        ('kind = "task"', "", "activities[5].kind: must be one of event"),
        ('type = "enquiry"', "", "activities[1].type: is missing: each event"),
        ('type = "enquiry"', 'type = "Enq"', "activities[1].type: must be at most 32"),
        ('kind = "quote"', 'kind = "quote"\ntype = "x"', "activities[2].type: belongs"),
        ('type_sl = "Naročilo"', "", "activities[3].type_sl: is missing"),
        ('"in"', '"inwards"', "activities[3].direction: must be one of in, out"),
        ("[outcome]", "outcome = 1\n[x]", "is not known here"),
        ("[[activities]]", "[activities]", "is not TOML"),
        ('title = "Tickets"', f'title = "{"x" * 81}"', "log.title: is longer than 80"),
        ('["refusal"]', "[1]", "outcome.lost: must be a text or a list of texts"),
        ('title = "Tickets"', 'delimiter = ";;"', "log.delimiter: must be one char"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(tmp_path, old, new, said):
    assert old in MAPPING
    path = written(tmp_path, MAPPING.replace(old, new), "map.toml")
    with pytest.raises(FileFault) as caught:
        read_mapping(str(path))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_rules_at_all(tmp_path):
    path = written(tmp_path, MAPPING.split("[[activities]]")[0], "map.toml")
    with pytest.raises(FileFault, match="activities: must be at least one table"):
        read_mapping(str(path))


def test_a_mapping_nested_without_end_is_refused(tmp_path):
    path = written(tmp_path, "x = " + "[" * 100_000, "map.toml")
    with pytest.raises(FileFault, match=r"is nested too deeply|is not TOML"):
        read_mapping(str(path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("log = 3", "log: must be a table"),
        ("activities = [3]", "activities: must be tables"),
        (
            "[[activities]]\nmatch = 'x'\nkind = 'task'\ntype_sl = 'x'",
            "type: is missing",
        ),
    ],
)
def test_parts_that_are_something_else(tmp_path, text, said):
    whole = '[log]\nname = "x"\n[columns]\ncase = "a"\nactivity = "b"\nstart = "c"\n'
    whole = text if text.startswith("log") else f"{text}\n{whole}"
    with pytest.raises(FileFault, match=said):
        read_mapping(str(written(tmp_path, whole, "map.toml")))


def test_another_encoding_is_refused(tmp_path):
    path = tmp_path / "map.toml"
    path.write_bytes("# č".encode("cp1250"))
    with pytest.raises(FileFault, match="is not UTF-8"):
        read_mapping(str(path))
