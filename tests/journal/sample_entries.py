"""Entries of a journal with what a test does not care about filled in."""

from datetime import timedelta

from journal.entries import entry_of
from journal.seen import Call
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


def noted(**fields):
    """The entry with these fields, as a journal has it."""
    moments = {"at": "2012-09-25T22:00:00.000+09:00", "wall": "2026-01-15T03:04:05.678+00:00"}
    return entry_of({"n": 1, **moments, **fields})
