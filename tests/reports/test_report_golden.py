import json
from importlib import resources

import jsonschema
import pytest

from tests.reports.golden import GOLDEN, NAMES, PARTS, written

SCHEMA = json.loads(resources.files("reports").joinpath("schema", "record.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_journal_gives_the_golden_files_byte_for_byte(name, tmp_path):
    written(name, tmp_path)
    for part in PARTS:
        assert (tmp_path / part).read_bytes() == (GOLDEN / name / part).read_bytes(), part


@pytest.mark.parametrize("name", NAMES)
def test_golden_records_keep_to_the_schema(name):
    record = json.loads((GOLDEN / name / "record.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(record)


def test_the_schema_allows_nothing_it_does_not_describe():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    record = json.loads((GOLDEN / "passed-en" / "record.json").read_text(encoding="utf-8"))
    record["drills"][0]["chapters"][0]["steps"][0]["remark"] = "unforeseen"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(record)
