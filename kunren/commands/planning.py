"""The command for exercise plans and pre-registrations."""

from __future__ import annotations

from pathlib import Path

import click

from kunren.commands.options import LANGUAGE, SITE, site_of
from kunren.commands.run_options import PlanAsked
from kunren.exits import Exit
from kunren.signals import loading
from kunren.terminal import tell
from words import Language, sentence


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@SITE
@LANGUAGE
@click.option("--check", is_flag=True, help="Check an exercise plan and name what is missing.")
@click.option("--register", is_flag=True, help="Print the pre-registration of a planned run, and write it to a file.")
@click.option(
    "--preregister-to",
    "register_to",
    metavar="FILE|mailto:ADDRESS",
    multiple=True,
    help="File of the pre-registration (default: beside the plan); or mail it as well (repeatable).",
)
@click.option(
    "--schema/--no-schema", default=True, show_default=True, help="Name the JSON Schema for editors, and write it."
)
def plan(
    *,
    file: Path,
    names: tuple[str, ...],
    site: Path | None,
    language: Language | None,
    check: bool,
    register: bool,
    register_to: tuple[str, ...],
    schema: bool,
) -> int:
    """Write an exercise plan FILE to fill in: title, reason, scope, participants, approvals, objectives, handling.

    NAME is a drill that it is for (default: those that are chosen at the run). An existing file is never overwritten.
    With --check the plan is read: what is wrong is refused, what is empty is named as missing. With --register the
    digests of plan, features, scripts, profile and site are fixed before the run, which `drill --registered` then
    keeps to. Exit codes: 0 written, or nothing is wrong; 2 usage, or the plan is wrong.
    """
    with loading():
        from kunren.records.exercise import checked, read_plan, write_plan
    if check:
        tell(*checked(read_plan(file)))
        return Exit.PASSED
    chosen = site_of(site)
    spoken = language or chosen.language
    if not register:
        write_plan(file, chosen, names, spoken, schema=schema)
        return Exit.PASSED
    with loading():
        from kunren.records.elsewhere import InFile
        from kunren.running.drills import choose

    exercise = read_plan(file)
    drills = choose(names or exercise.plan.drills, spoken, None)
    asked = PlanAsked(plan=file, register_to=register_to, as_told=None)
    places = asked.places(chosen, spoken)
    if not any(isinstance(each, InFile) for each in places):
        beside = InFile(file.with_name(f"{file.stem}-preregistration.json"))
        places = (beside, *places)
    registration = asked.registration(drills, chosen, exercise, None)
    for place in places:
        place.take(registration)
    tell(registration.text.decode().strip())
    tell(registration.told)
    for place in places:
        if isinstance(place, InFile):
            tell(sentence("registration.written", file=place.path, plan=file))
    return Exit.PASSED
