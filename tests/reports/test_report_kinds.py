"""The journal's kinds of entries: whatever is written is read, described, and has a place in record.json."""

import re
from pathlib import Path

import pytest

from lab.model.undertakings import Change
from reports.entries import READERS
from reports.measured import READERS as MEASURED
from reports.record import KINDS
from reports.words import words_of

REPOSITORY = Path(__file__).parents[2]
PLACES = {"run", "drill", "chapter", "step", "restore"}
WRITTEN = re.compile(r"""write\(\s*"([a-z]+(?:\.[a-z]+)?)\"""")
TAKEN = re.compile(r"""take\("([a-z]+)",""")


def written():
    """The kinds that the product's sources write."""
    for package in ("steps", "lab", "kunren"):
        for path in (REPOSITORY / package).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if "simulator" not in path.parts:
                yield from WRITTEN.findall(source)
                yield from TAKEN.findall(source)


def courses():
    return {f"{place}.{end}" for place in PLACES for end in ("began", "ended")}


def test_every_kind_that_is_written_is_read():
    kinds = set(written())
    assert {"guest", "scenario", "call", "restore.act", "probe", "undertaking"} <= kinds
    assert kinds - READERS.keys() - MEASURED.keys() - courses() == set()


def test_every_kind_that_is_read_is_described():
    text = (REPOSITORY / "docs" / "journal.md").read_text(encoding="utf-8")
    assert [kind for kind in (*READERS, *MEASURED) if f"`{kind}`" not in text] == []


def test_every_kind_that_is_read_has_its_name_in_record_json():
    assert sorted(KINDS.values()) == sorted(READERS)


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("change", Change)
def test_every_change_that_a_drill_undertakes_has_words(change, language):
    assert f"change.{change.value}" in words_of(language).texts
