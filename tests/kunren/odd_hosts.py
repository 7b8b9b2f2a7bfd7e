"""Drills on hosts that answer with something odd in one place."""

import json
from dataclasses import dataclass

import lab.drivers.winrm.conversation
from journal.course import RestoreBegan
from journal.writer import JournalFile

MEGABYTE = 1_000_000
ODD = {
    "huge": "1" + "0" * 400,
    "huge below zero": "-1" + "0" * 400,
    "more digits than Python reads": "9" * 5000,
    "beyond a float": "1e400",
    "below zero": "-1",
    "zero": "0",
    "half": "0.5",
    "large": "1e308",
    "tiny": "5e-324",
    "NaN": "NaN",
    "infinity": "Infinity",
    "NaN in words": '"NaN"',
    "null": "null",
    "true": "true",
    "empty": '""',
    "blank": '"  "',
    "list": "[]",
    "object": "{}",
    "list of null": "[null]",
    "object of its own kind": '{"Name": {"Name": "x"}, "State": [], "output": 1}',
    "empty key": '{"": "", "\\ud800": "\\udfff"}',
    "nested": "[" * 700 + "]" * 700,
    "nested beyond Python": "[" * 100_000 + "]" * 100_000,
    "objects nested": '{"a":' * 40 + "1" + "}" * 40,
    "half a character": '"\\ud800"',
    "halves the wrong way round": '"\\udfff\\ud800"',
    "control characters": '"\\u0000\\u0007\\u001b[2J\\u001b]0;x\\u0007\\u009b31m"',
    "right to left": '"\\u202egnp.exe\\u2066\\u200f"',
    "line ends": '"\\r\\n\\u2028\\u0085"',
    "other digits": '"\\u0661\\u0662"',
    "markup": '"<script>alert(1)</script> & {{ 7 * 7 }} %s {0} [bold]"',
    "year 1": '"0001-01-01T00:00:00.0000000+14:00"',
    "year 9999": '"9999-12-31T23:59:59.9999999-14:00"',
    "no such day": '"2012-02-30T00:00:00Z"',
    "no offset": '"2012-09-25T22:00:00"',
    "a megabyte": f'"{"x" * MEGABYTE}"',
    "a megabyte of lines": f'"{chr(92)}n{"語" * 9}"'.replace("語", "語" * (MEGABYTE // 30)),
    "many": "[" + ",".join(['{"Name": "x"}'] * 5000) + "]",
}
MISSING, REFUSED, TWICE = "missing", "refused", "twice"
"""The place is left out, the script ends in an error whose parts are all odd, the whole answer comes twice over."""
PLACE = "@@place@@"
KINDS = (*ODD, MISSING, REFUSED, TWICE)


@dataclass(frozen=True)
class OddAnswer:
    """From that answer of the drill on, `times` answers have something of this `kind` in the same place.

    Answers count from 1, with `restoring` those after the restoration has begun; places count from 0, the whole answer,
    and go on counting from the beginning.
    """

    drill: str
    answer: int
    place: int
    kind: str
    times: int = 1
    restoring: bool = False

    def prepare(self, folder):
        """Between what the hosts' residents print, whichever session reads it, and its reading."""
        heard, parse, write, counting = 0, lab.drivers.winrm.conversation._parse, JournalFile.write, not self.restoring

        def noted(journal, entry):
            nonlocal counting
            write(journal, entry)
            counting = counting or isinstance(entry, RestoreBegan)

        def spoilt(candidate, identity):
            nonlocal heard
            if not counting or identity is None or f'"{identity}"'.encode() not in candidate:
                return parse(candidate, identity)
            heard += 1
            if self.answer <= heard < self.answer + self.times:
                odd = self.odd(json.loads(candidate))
                (folder / "left").write_text(json.dumps({"was": candidate.decode()[:2000], "became": odd[:2000]}))
                candidate = odd.encode("utf-8", "surrogatepass")
            return parse(candidate, identity)

        lab.drivers.winrm.conversation._parse, JournalFile.write = spoilt, noted

    def odd(self, answer):
        """The answer as a text with the odd value in its place."""
        output = answer.pop("output", [])
        if self.kind == REFUSED:
            parts = ("id", "category", "message", "position")
            odd = list(ODD.values())
            error = ", ".join(f'"{part}": {odd[(self.place + turn) % len(odd)]}' for turn, part in enumerate(parts))
            return f'{{"id": {json.dumps(answer["id"])}, "error": {{{error}}}}}'
        if self.kind == TWICE:
            return json.dumps({**answer, "output": output * 2})
        places = list(_places(output))
        at = places[self.place % len(places)]
        if not at:
            output = [] if self.kind == MISSING else PLACE
        else:
            inside = output
            for key in at[:-1]:
                inside = inside[key]
            if self.kind == MISSING:
                del inside[at[-1]]
            else:
                inside[at[-1]] = PLACE
        return json.dumps({**answer, "output": output}).replace(json.dumps(PLACE), ODD.get(self.kind, ""))


def _places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _places(inner, (*path, number))
