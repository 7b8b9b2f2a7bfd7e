"""Entries of a journal with what a test does not care about filled in."""

from datetime import timedelta

from journal.entries import Call
from lab.model.calls import CallOutcome


def call(**changed):
    fields = {
        "host": "MASTER",
        "script": "Get-Machine",
        "script_sha256": "",
        "arguments": {},
        "changes": False,
        "effect": CallOutcome.ANSWERED,
        "error": None,
        "lab_took": timedelta(),
        "wall_took": timedelta(),
        "round_trips": 3,
        "answer": None,
        "stray": (),
    }
    return Call(**fields | changed)
