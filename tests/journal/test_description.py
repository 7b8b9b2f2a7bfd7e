"""The description of the journal is that of the classes, and describes what is written."""

import json

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.entries import KINDS
from tests.journal.describe import DOCUMENT, SCHEMA, described, schema
from tests.journal.test_values import MOMENTS, filled
from tests.journal.validation import VALIDATOR, validate
from tests.reports.measured import write_measured
from tests.reports.samples import write_sample


def test_the_document_has_the_tables_of_the_classes():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert described(text) == text, "write it anew: python -m tests.journal.describe"


def test_the_schema_that_is_shipped_is_that_of_the_classes():
    assert SCHEMA.read_text(encoding="utf-8") == schema(), "write it anew: python -m tests.journal.describe"
    jsonschema.Draft202012Validator.check_schema(json.loads(schema()))


@pytest.mark.parametrize("what", KINDS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=settings.default.max_examples // 3)
def test_what_is_written_is_as_the_schema_has_it(what, data):
    line = {"n": 1, **MOMENTS, "what": what, **data.draw(filled(KINDS[what])).to_json()}
    VALIDATOR.validate(line)


@pytest.mark.parametrize("change", [{"changes": 1}, {"outcome": "fine"}, {"lab_ms": -1}, {"host": None}, {"n": 0}])
def test_what_a_reader_refuses_is_not_as_the_schema_has_it(tmp_path, change):
    write_sample("passed-en", tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    line = next(line for line in lines if line["what"] == "call")
    VALIDATOR.validate(line)
    assert not VALIDATOR.is_valid(line | change)


@pytest.mark.parametrize(("write", "sample"), [(write_sample, "hostile-ja"), (write_measured, "spiteful-ja")])
def test_journals_of_before_are_as_the_schema_has_them(tmp_path, write, sample):
    write(sample, tmp_path)
    for line in (tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines():
        validate(json.loads(line))
