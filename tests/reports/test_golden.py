import json

import pytest

from tests.reports.golden import GOLDEN, REPORTS, VALIDATOR


@pytest.mark.parametrize("name", REPORTS)
def test_a_journal_gives_the_golden_files(name, tmp_path):
    for file, text in REPORTS[name](name, tmp_path):
        assert text == (GOLDEN / name / file).read_bytes().decode(), file
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    VALIDATOR.validate(record)
