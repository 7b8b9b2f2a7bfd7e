"""Which fields of an entry come from outside Kunren: from hosts, Garoon, the operator, or an error that names them.

In these, and in no other, a journal masks secrets. A path names a field; `*` stands for each item of a list or each
value of an object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

OUTSIDE: Mapping[str, tuple[str, ...]] = {
    "run.began": ("operator.command_line",),
    "run.ended": (),
    "drill.began": (),
    "drill.ended": ("text",),
    "chapter.began": (),
    "chapter.ended": (),
    "step.began": (),
    "step.ended": ("seen", "error.text", "checks.*.seen"),
    "restore.began": (),
    "restore.act": ("error", "because"),
    "restore.waiting": (),
    "restore.ended": ("differences", "permitted", "stays"),
    "undertaking": (),
    "lease": (),
    "call": ("arguments", "error", "answer", "stray"),
    "host": ("os", "os_version", "powershell_version", "boot_time"),
    "product": ("version",),
    "guest": ("networks",),
    "scenario": (),
    "garoon": ("outcome",),
    "wait": ("seen", "cause"),
    "evidence": ("caption", "address"),
    "state": (
        "machines.*.*.name",
        "machines.*.*.adapters",
        *(f"scenarios.*.{name}" for name in ("name", "master", "replica", "guests")),
        "switches.*.*.name",
        "services.*.*.name",
    ),
    "rha.event": ("id", "source", "time", "message"),
    "operator": ("answered",),
    "note": ("text",),
    "probing.began": (),
    "probe": ("seen",),
    "probing.ended": ("problem",),
    "mark": (),
    "canaries.read": ("problem",),
    "canaries.removed": ("problem",),
    "clock.offset": ("said",),
}
"""By kind; an entry of a kind that is not here is from outside as a whole."""

OWN_WORDS: Mapping[tuple[str, str], frozenset[str]] = {("garoon", "outcome"): frozenset({"ok", "no such entry"})}
"""What Kunren itself writes where something from outside may stand as well."""

CUT: Mapping[str, frozenset[str]] = {"call": frozenset({"answer"}), "probe": frozenset({"seen"})}
"""Fields that may be of any length: cut when they have been masked."""

Fields = Mapping[str, Any]


def masked(what: str, fields: Fields, mask: Callable[[Any], Any]) -> dict[str, Any]:
    """The entry with `mask` done to what is from outside in it."""
    paths = OUTSIDE.get(what, tuple(fields))
    done = dict(fields)
    for path in paths:
        name, *deeper = path.split(".")
        if name in done and done[name] not in _own_words(what, name):
            done[name] = _done(done[name], deeper, mask)
    return done


def _own_words(what: str, name: str) -> tuple[str, ...]:
    return tuple(OWN_WORDS.get((what, name), ()))


def _done(value: Any, path: list[str], mask: Callable[[Any], Any]) -> Any:
    if not path:
        return mask(value)
    step, *deeper = path
    match value:
        case list() if step == "*":
            return [_done(inner, deeper, mask) for inner in value]
        case dict() if step == "*":
            return {key: _done(inner, deeper, mask) for key, inner in value.items()}
        case dict() if step in value:
            return {**value, step: _done(value[step], deeper, mask)}
        case _:
            return value
