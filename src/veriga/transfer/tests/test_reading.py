"""Reading event logs: CSV and XES, and files that are neither."""

from __future__ import annotations

import gzip

import pytest

from veriga.transfer.rules.faults import FileFault
from veriga.transfer.rules.reading import read_rows

from .factories import LOG, XES, written


def fault_of(path, **more):
    with pytest.raises(FileFault) as caught:
        list(read_rows(path, **more))
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    return str(caught.value)


class TestCsv:
    @pytest.mark.parametrize("name", ["log.csv", "log.csv.gz", "LOG.CSV"])
    def test_rows_bear_their_lines(self, tmp_path, name):
        rows = list(read_rows(written(tmp_path, LOG, name)))
        assert len(rows) == 9
        assert (rows[0].place, rows[8].place) == ("line 2", "line 10")
        assert rows[3].cells["amount"] == "1200.50"

    def test_a_cell_of_several_lines_counts_all_of_them(self, tmp_path):
        path = written(tmp_path, 'a,b\n"one\ntwo",1\n\nx,2\n')
        assert [row.place for row in read_rows(path)] == ["line 2", "line 5"]

    def test_a_byte_order_mark_and_semicolons(self, tmp_path):
        path = written(tmp_path, "\ufeffa;b\n1;2\n")
        (row,) = read_rows(path, ";")
        assert row.cells == {"a": "1", "b": "2"}

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "is empty"),
            ("a,a\n1,2\n", 'line 1: names the column "a" twice'),
            ("a,b\n1,2\n1\n", "line 3: has 1 cells where the header has 2"),
            ('a,b\n1,"2\n', "line 2"),
            ("a,b\n1," + "x" * 200_000 + "\n", "line 2: field larger"),
        ],
    )
    def test_what_is_wrong_is_named(self, tmp_path, text, said):
        assert said in fault_of(written(tmp_path, text))

    def test_another_encoding_is_refused(self, tmp_path):
        path = tmp_path / "log.csv"
        path.write_bytes("a,b\nčrka,1\n".encode("cp1250"))
        assert "is not UTF-8" in fault_of(path)

    @pytest.mark.parametrize("cut", [slice(0, 40), slice(5, None)])
    def test_a_damaged_archive_is_refused(self, tmp_path, cut):
        path = tmp_path / "log.csv.gz"
        path.write_bytes(gzip.compress(LOG.encode() * 50)[cut])
        assert "is damaged" in fault_of(path)

    def test_other_files_are_refused(self, tmp_path):
        assert "must end in" in fault_of(written(tmp_path, LOG, "log.xlsx"))


class TestXes:
    @pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
    def test_events_bear_the_attributes_of_their_trace(self, tmp_path, name):
        first, second = read_rows(written(tmp_path, XES, name))
        assert first.cells == {
            "case:concept:name": "1",
            "concept:name": "ask & wait",
            "time:timestamp": "2026-01-12T09:00:00.000+01:00",
        }
        assert second.cells["org:resource"] == "Ana"
        assert (first.place, second.place) == ("line 9", "line 14")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("", "line 1: is not XML"),
            ("<log><trace></log>", "line 1: is not XML: mismatched tag"),
            ("<logs/>", "begins with <logs>"),
            ("<log>" + "<a>" * 100, "is nested too deeply"),
            ('<?xml version="1.0" encoding="klingon"?><log/>', "encoding"),
            (
                "<log><trace><event>"
                + '<string key="k" value="'
                + "x" * 2_000_000
                + '"/>',
                "too large",
            ),
        ],
    )
    def test_what_is_wrong_is_named(self, tmp_path, text, said):
        assert said in fault_of(written(tmp_path, text, "log.xes"))

    @pytest.mark.parametrize(
        "inside",
        [
            '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
            '<!ENTITY a SYSTEM "file:///etc/passwd">',
            '<!ENTITY % a SYSTEM "http://localhost/x.dtd"> %a;',
        ],
    )
    def test_entities_are_refused_before_they_grow(self, tmp_path, inside):
        text = f'<?xml version="1.0"?><!DOCTYPE log [{inside}]><log>&b;</log>'
        assert "document type" in fault_of(written(tmp_path, text, "log.xes"))

    def test_a_log_without_events_has_no_rows(self, tmp_path):
        assert list(read_rows(written(tmp_path, "<log/>", "log.xes"))) == []
