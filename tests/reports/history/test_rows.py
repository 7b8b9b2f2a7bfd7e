"""The table for spreadsheets holds texts, numbers and no formulas."""

import csv
import io
from dataclasses import replace

import pytest

from reports.history import rows
from reports.history.folder import Folder
from reports.history.rows import COLUMNS, header, stream
from tests.reports.history.folders import add, history_of, patched
from words import words_of


def read(text):
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), fieldnames=COLUMNS))[1:]


@pytest.mark.parametrize("text", ["=1+1", "+81", "-2", "@SUM(A1)", " =cmd|' /C calc'!A0", "＝1", "\t=1", "x\r\n=1"])
def test_what_a_host_or_a_person_wrote_is_never_a_formula(tmp_path, text):
    add(tmp_path, "one", site=text.strip() or "x")
    found = history_of(tmp_path)
    for row in read("".join(stream(found, words_of("en")))):
        assert not any(each.lstrip().startswith(("=", "+", "-", "@", "＝")) for each in row.values())
        assert not any("\n" in each or "\t" in each for each in row.values())


@pytest.mark.parametrize("language", ["en", "ja"])
def test_figures_are_numbers_and_every_record_has_a_row(tmp_path, language):
    words = words_of(language)
    found = history_of(patched(tmp_path))
    text = "".join(stream(found, words))
    assert text.startswith(header(words))
    table = read(text)
    records = [row["record"] for row in table if row["part"] == words("history.csv.record")]
    assert sorted(records) == ["after", "before"]
    rto = [row for row in table if row["measure"] == "RTO"]
    assert [(float(row["lower"]), float(row["upper"])) for row in rto] == [(20.0, 40.0), (310.0, 330.0)]
    assert any(words("history.state.lapsed") == row["state"] and "14393.7070" in row["reason"] for row in table)
    empty = replace(found, folder=replace(found.folder, listed=()))
    assert isinstance(empty.folder, Folder)
    assert read("".join(rows.stream(empty, words))) == []
