"""The pages on the preflight check have every finding, with its point of the guide and how much it matters."""

import re
import tomllib

import pytest

from drills.preflight.findings import POINTS
from tests.docs.test_blocks import REPOSITORY

WORDS = {"check.md": ("en", {"error", "warning", "note"}), "check.ja.md": ("ja", {"エラー", "警告", "備考"})}


def rows(page):
    """Each finding's last columns, by its identity."""
    text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    return {
        name: [cell.strip() for cell in line[0].strip("| ").split("|")]
        for line in re.finditer(r"^\| `.*\|$", text, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", line[0].split("|")[1])
    }


@pytest.mark.parametrize("page", WORDS)
def test_every_finding_has_its_point_of_the_guide(page):
    found = rows(page)
    assert {name: cells[-1] for name, cells in found.items() if cells[-1] != "–"} == dict(POINTS)


@pytest.mark.parametrize("page", WORDS)
def test_every_sentence_of_the_check_has_a_row(page):
    language, severities = WORDS[page]
    text = (REPOSITORY / "words" / f"{language}.toml").read_text(encoding="utf-8")
    words = tomllib.loads(text)["check"]
    names = {*words["seen"], *words["untold"], *words["failed"]}
    found = rows(page)
    assert names - found.keys() == set()
    assert {cells[2] for cells in found.values() if len(cells) == 4} <= severities


def test_both_pages_have_the_same_rows():
    english, japanese = (rows(page) for page in WORDS)
    assert list(english) == list(japanese)
    assert [cells[-1] for cells in english.values()] == [cells[-1] for cells in japanese.values()]
