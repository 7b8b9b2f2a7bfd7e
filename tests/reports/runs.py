"""Runs made from recorded ones: another day, another site, another Windows, real hosts."""

import json
from datetime import datetime
from functools import cache

from journal.checked import HostChecked
from journal.course import RunBegan
from lab.model.objectives import Objectives
from tests.reports.recorded import recorded

SIMULATED = " (SIMULATED)"
OF_LAB = ("at", "origin", "asked")
"""Fields that are times of the lab's clock."""


@cache
def _text(template: str) -> tuple[str, ...]:
    return tuple(json.dumps(line, ensure_ascii=False) for line in recorded(template))


def recorded_drill(template: str) -> str:
    return json.loads(_text(template)[0])["drills"][0]["drill"]


def run_of(template, *, record, began, site="tokyo", build="", updates=None, real=False, drills=(), text="", **head):
    """The lines of a run that began then; with `drills` its drill once under each of these names.

    Real hosts say nothing of SIMULATED, and both clocks are the controller's. `head` changes what the run began with.
    """
    first, *rest = map(json.loads, _text(template))
    (plan,) = first["drills"]
    names = list(drills) or [plan["drill"]]
    first |= {"record": record, "site": {**first["site"], "name": site}, **head}
    plan = {**plan, "sha256": text or plan["sha256"]}
    first["drills"] = [{**plan, "drill": name} for name in names]
    goal = first["objectives"]
    fixed = Objectives(rto_s=goal["rto_s"], rpo_s=goal["rpo_s"]).sha256([plan["sha256"]] * len(names))
    first["objectives"] = {**goal, "sha256": fixed}
    *body, last = rest
    lines = [{**line, "drill": name} if "drill" in line else line for name in names for line in body]
    if build:
        checked = HostChecked(host=first["site"]["master"], build=build, updates=updates or {})
        lines.insert(1, {"at": lines[0]["at"], "wall": lines[0]["wall"], "what": checked.what, **checked.to_json()})
    of_lab, of_wall = (began - datetime.fromisoformat(first[clock]) for clock in ("at", "wall"))
    told = enumerate((first, *lines, last), 1)
    return [{**(_real(line, of_lab) if real else _later(line, of_wall, "wall")), "n": n} for n, line in told]


def _later(line, by, *names):
    moved = {name: datetime.fromisoformat(line[name]) + by for name in names if line.get(name)}
    return line | {name: moment.isoformat(timespec="milliseconds") for name, moment in moved.items()}


def _real(line, by):
    moved = _later(line, by, *OF_LAB)
    told = {"wall": moved["at"]} | ({"environment": "real"} if line["what"] == RunBegan.what else {})
    return moved | told | ({"os": line["os"].replace(SIMULATED, "")} if "os" in line else {})
