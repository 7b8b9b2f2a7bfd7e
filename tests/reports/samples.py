"""Recorded journals by what they are samples of; in the hostile ones hosts answer what no report should repeat."""

from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from typing import Any

from journal.entries import KINDS
from journal.form import masked
from tests.reports.recorded import files_of, recorded, write_files
from words import words_of

SWITCH_BACK = "switch the guest back to the host it was on"
SWITCHED_BACK = words_of("en")(f"restore.{SWITCH_BACK}")
HOSTILE = '"><script>alert(1)</script>]]><!-- <img src=x onerror=alert(2)> \u202e\x1b[31m 😀 {{7*7}} &amp;'
PLAIN = ("passed-en", "passed-ja", "failed-en", "failed-ja", "interrupted-ja")
OF_HOSTILE_HOSTS = {"hostile-en": "passed-en", "hostile-ja": "failed-ja"}
SAMPLES = (*PLAIN, *OF_HOSTILE_HOSTS)


def lines_of_sample(name: str) -> list[dict]:
    if name not in OF_HOSTILE_HOSTS:
        return recorded(name)
    lines = recorded(OF_HOSTILE_HOSTS[name])
    site, (drill,) = lines[0]["site"], lines[0]["drills"]
    known = {*site.values(), "MASTER", "REPLICA"}
    lines = [_hostile(line, known) for line in lines]
    lines[0]["site"] = site | {"name": site["name"] + HOSTILE}
    lines[0]["drills"] = [drill | {"title": _spoilt(drill["title"])}]
    return lines


def write_sample(name: str, folder: Path) -> None:
    write_files(folder, _files(name))


@cache
def _files(name: str) -> dict[str, bytes]:
    return files_of(lines_of_sample(name))


def _hostile(line: dict, known: set[str]) -> dict:
    """Where secrets would be masked text is from outside: it may be anything but a name that the site file has."""

    return masked(KINDS[line["what"]], line, lambda value: _spoilt(value, known))


def _spoilt(value: Any, known: AbstractSet[str] = frozenset()) -> Any:
    match value:
        case str():
            return value if value in known else value + HOSTILE
        case list():
            return [_spoilt(each, known) for each in value]
        case dict():
            return {name: _spoilt(each, known) for name, each in value.items()}
        case _:
            return value
