import json

import jsonschema
import pytest

from tests.reports.golden import GOLDEN, REPORTS, SCHEMA, written


@pytest.mark.parametrize("name", REPORTS)
def test_a_journal_gives_the_golden_files(name, tmp_path):
    for file, text in REPORTS[name](name, tmp_path):
        assert text == (GOLDEN / name / file).read_bytes().decode(), file
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(record)


def test_the_schema_allows_nothing_it_does_not_describe(tmp_path):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    record = json.loads(written("passed-en", tmp_path).record.read_text(encoding="utf-8"))
    record["drills"][0]["chapters"][0]["steps"][0]["remark"] = "unforeseen"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(record)
