"""docs/what-is-where.md leads to files that exist, and each file has the name that the page gives."""

import re
from pathlib import Path

from tests.docs.test_blocks import there

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "what-is-where.md").read_text(encoding="utf-8")
ROWS = [row.strip("| ").split(" | ") for row in PAGE.splitlines() if row.startswith("| ") and "`" in row]


def paths(text):
    return [code for code in re.findall(r"`([^`]+)`", text) if "/" in code]


def test_each_path_of_the_page_exists():
    assert [path for path in sorted(set(paths(PAGE))) if not there(path)] == []


def test_the_first_file_of_a_row_has_its_name():
    assert ROWS
    for _, where, name in ROWS:
        assert name.strip("`") in (REPOSITORY / paths(where)[0]).read_text(encoding="utf-8"), name
