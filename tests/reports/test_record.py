import json

import jsonschema
import pytest

from reports import write_reports
from tests.reports.golden import SCHEMA, written
from tests.reports.measured import MEASURED, write_measured
from tests.reports.samples import SAMPLES, write_sample


def test_the_schema_allows_nothing_it_does_not_describe(tmp_path):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    record = json.loads(written("passed-en", tmp_path).record.read_text(encoding="utf-8"))
    record["drills"][0]["chapters"][0]["steps"][0]["remark"] = "unforeseen"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(record)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_journal_gives_the_same_record(name, tmp_path):
    write_sample(name, tmp_path)
    first = write_reports(tmp_path).record.read_bytes()
    assert write_reports(tmp_path).record.read_bytes() == first


@pytest.mark.parametrize("name", MEASURED)
def test_records_of_measured_drills_are_as_the_schema_has_them(name, tmp_path):
    write_measured(name, tmp_path)
    record = json.loads(write_reports(tmp_path).record.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(record)
