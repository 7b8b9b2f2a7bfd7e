"""The JSON Schemas for editors: those in docs/ are those of the code, and they agree with what Kunren itself says."""

import json
import tomllib

import pytest
from jsonschema import Draft202012Validator

from lab.site.file import SIMULATED
from lab.site.schemas import schemas
from tests.lab.site.test_file import EXAMPLE, MISTAKES

DOCS = EXAMPLE.parent
MADE = schemas()
SITE = Draft202012Validator(json.loads(MADE["site-file.schema.json"]))
DISCOVERY = Draft202012Validator(json.loads(MADE["discovery-file.schema.json"]))


@pytest.mark.parametrize("name", MADE)
def test_the_published_schema_is_that_of_the_code(name):
    assert (DOCS / name).read_text(encoding="utf-8") == MADE[name], "write it anew: python -m lab.site.schemas docs"


@pytest.mark.parametrize("file", [EXAMPLE, SIMULATED], ids=lambda file: file.name)
def test_the_files_that_come_with_kunren_are_valid(file):
    SITE.validate(tomllib.loads(file.read_text(encoding="utf-8")))


def test_the_example_names_its_schema():
    name = EXAMPLE.read_text(encoding="utf-8").splitlines()[0].removeprefix("#:schema ")
    assert (EXAMPLE.parent / name).is_file()


OF_KIND = ("is missing", "is not known", "not a text", "not a number", "not true or false", "is not a list")
ZONE = '"Asia/Tokyo"'  # which zones there are is not for a schema to say
SHORT = [each for each in MISTAKES if len(each[1]) < 100 and each[0] != ZONE]


@pytest.mark.parametrize(
    ("old", "new", "sentence"), [each for each in SHORT if any(mark in each[2] for mark in OF_KIND)]
)
def test_an_editor_marks_what_has_a_wrong_key_or_kind(old, new, sentence):
    text = EXAMPLE.read_text(encoding="utf-8").replace(old, new, 1)
    assert not SITE.is_valid(tomllib.loads(text)), sentence


@pytest.mark.parametrize("names", ["Name", ["Name"], {"value": ["Name"], "Count": 1}, None])
def test_a_discovery_file_is_valid_in_every_form_that_powershell_gives_it(names):
    DISCOVERY.validate({"snap_ins": names, "commands": {"Stop-Scenario": names}})


@pytest.mark.parametrize(
    "value", [[], {"commands": {}}, {"snap_ins": [1], "commands": {}}, {"snap_ins": ["*"], "commands": {}}]
)
def test_what_is_not_a_discovery_file_is_not_valid(value):
    assert not DISCOVERY.is_valid(value)
