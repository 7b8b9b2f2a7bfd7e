"""Lines of a journal, held to its schema."""

import json

import jsonschema

from journal.entries import KINDS
from tests.journal.describe import schema

VALIDATOR = jsonschema.Draft202012Validator(json.loads(schema()))


def validate(line):
    """By the definition of its kind: to try every kind, as the whole schema does, takes twenty times as long."""
    VALIDATOR.evolve(schema=VALIDATOR.schema["$defs"][KINDS[line["what"]].__name__]).validate(line)
