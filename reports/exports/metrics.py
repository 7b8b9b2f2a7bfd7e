"""Figures of the last runs for Prometheus and GitLab, in what Prometheus' text format and OpenMetrics share.

A file tells of the last run of each drill at each site; a record changes the lines of its own drills, and no others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from journal.annotations import Annotations
from journal.course import Outcome
from journal.record import Drill, DrillRecord
from lab.model.objectives import Attained
from lab.model.text import one_line
from reports import judge
from reports.exports.cases import proved
from reports.findings import findings_of
from words import Words

LAST_RUN, LAST_REAL_PASS = "kunren_last_run_timestamp_seconds", "kunren_last_real_pass_timestamp_seconds"
OPEN_ACTIONS = "kunren_open_actions"
GAUGES = (
    LAST_RUN,
    LAST_REAL_PASS,
    "kunren_last_run_passed",
    "kunren_last_run_unknown",
    "kunren_last_run_restored",
    "kunren_rto_seconds_at_most",
    "kunren_rto_objective_seconds",
    "kunren_rpo_seconds_at_most",
    "kunren_rpo_objective_seconds",
    OPEN_ACTIONS,
)
END = "# EOF\n"
_SAMPLE = re.compile(r'(kunren_[a-z_]+)\{((?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*)\} ([0-9]+(?:\.[0-9]+)?|\+Inf)')
_LABEL = re.compile(r'([a-z]+)="((?:[^"\\]|\\.)*)"')
_UNESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n"}
_LONGEST = 200


Labels = tuple[tuple[str, str], ...]
Samples = dict[tuple[str, Labels], float]


class NotMetrics(ValueError):
    """A file has lines that Kunren does not write."""


def text(record: DrillRecord, added: Annotations, words: Words, kept: str = "") -> str:
    """With what the file `kept` tells of other drills, sites and records. Raises NotMetrics."""
    earlier, new = read(kept), _of(record, added)
    ended = record.last.wall.timestamp()
    later = {labels for (name, labels), value in earlier.items() if name == LAST_RUN and value > ended}
    changed = {labels for _, labels in new} - later
    told = {each: value for each, value in earlier.items() if each[0] == LAST_REAL_PASS or each[1] not in changed}
    for each, value in new.items():
        if each[0] == LAST_REAL_PASS:
            told[each] = max(value, told.get(each, 0.0))
        elif each[1] not in later:
            told[each] = value
    return "".join(_lines(told, words))


def read(kept: str) -> Samples:
    """Raises NotMetrics."""
    found: Samples = {}
    for line in kept.splitlines():
        if line.startswith("#"):
            continue
        match = _SAMPLE.fullmatch(line)
        if match is None or match[1] not in GAUGES:
            raise NotMetrics
        labels = tuple((name, _UNESCAPED.sub(_unescaped, told)) for name, told in _LABEL.findall(match[2]))
        found[match[1], labels] = float(match[3])
    return found


def _of(record: DrillRecord, added: Annotations) -> Samples:
    place = {"site": record.site.name, "environment": "simulated" if record.simulated else "real"}
    found: Samples = {(OPEN_ACTIONS, _labels(place, record=record.id)): len(added.open_actions)}
    for drill in record.drills:
        labels = _labels(place, drill=drill.id)
        found.update({(name, labels): value for name, value in _figures(drill, record)})
    return found


def _labels(place: Mapping[str, str], **more: str) -> Labels:
    return tuple((name, one_line(told)[:_LONGEST]) for name, told in {**place, **more}.items())


def _figures(drill: Drill, record: DrillRecord) -> Iterator[tuple[str, float]]:
    """None of a drill that was not begun: there was no run of it."""
    if drill.began is None:
        return
    ended, outcome, restored = (
        (drill.last or drill.began).wall.timestamp(),
        proved(drill, record),
        judge.restoration(drill),
    )
    yield LAST_RUN, ended
    if outcome is Outcome.PASSED and not record.simulated:
        yield LAST_REAL_PASS, ended
    yield "kunren_last_run_passed", outcome is Outcome.PASSED
    yield "kunren_last_run_unknown", outcome not in {Outcome.PASSED, Outcome.FAILED}
    if restored is not Outcome.NOT_RUN:
        yield "kunren_last_run_restored", restored is Outcome.PASSED
    if found := findings_of(drill):
        yield from _attained("rto", found.rto)
        yield from _attained("rpo", found.rpo)


def _attained(name: str, attained: Attained) -> Iterator[tuple[str, float]]:
    upper = attained.measured.upper
    yield f"kunren_{name}_seconds_at_most", math.inf if upper is None else upper
    if attained.objective is not None:
        yield f"kunren_{name}_objective_seconds", attained.objective


def head(words: Words) -> str:
    """By which a file is known for one that Kunren has written."""
    return _help(LAST_RUN, words)


def _help(name: str, words: Words) -> str:
    return f"# HELP {name} {words(f'exports.metric.{name}')}\n"


def _lines(told: Samples, words: Words) -> Iterator[str]:
    """A record of which every action is done is no longer told of."""
    for name in GAUGES:
        yield _help(name, words)
        yield f"# TYPE {name} gauge\n"
        for (of, labels), value in sorted(told.items()):
            if of == name and (value or name != OPEN_ACTIONS):
                yield f"{name}{{{','.join(map(_label, labels))}}} {_value(value)}\n"
    yield END


def _label(label: tuple[str, str]) -> str:
    return f'{label[0]}="{"".join(_ESCAPES.get(each, each) for each in label[1])}"'


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found[1] == "n" else found[1]


def _value(value: float) -> str:
    return "+Inf" if math.isinf(value) else f"{value:.3f}".rstrip("0").rstrip(".")
