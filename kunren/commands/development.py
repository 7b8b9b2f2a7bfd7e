"""Commands for those who write drills: the steps there are, and whether a drill notices a defect."""

from __future__ import annotations

from pathlib import Path

import click

from kunren.commands.options import LANGUAGE, site_of, spoken_of, stops_of_run
from kunren.exits import Exit
from kunren.signals import loading
from kunren.terminal import say_at_once, tell
from words import Language, sentence


@click.command()
@LANGUAGE
@click.option("--all", "both", is_flag=True, help="Both languages, as in docs/steps.md.")
def steps(*, language: Language | None, both: bool) -> int:
    """List the steps for writing drills, as Markdown tables."""
    with loading():
        from kunren.catalogue import document, tables

    tell(*(document() if both else tables(spoken_of(language))))
    return Exit.PASSED


@click.command()
@click.option("--drill", "drill_names", multiple=True, help="Only this drill (repeatable).")
@click.option("--mutation", "mutations", multiple=True, help="Only this mutation (repeatable).")
@LANGUAGE
@click.option("--out", type=click.Path(path_type=Path), help="Result folder (default: records/controls-<time>).")
@click.option("--by", type=click.Choice(["powershell", "operator"]), default="powershell", help="Who operates RHA.")
@click.option("--list", "list_only", is_flag=True, help="List mutations and exit.")
def controls(
    *,
    drill_names: tuple[str, ...],
    mutations: tuple[str, ...],
    language: Language | None,
    out: Path | None,
    by: str,
    list_only: bool,
) -> int:
    """Mutation-test the drills: inject one simulator defect at a time.

    The first chapter to fail has to be one that covers the mutation's point of the guide. Exit code 1 if a mutation
    is not detected in this way, or if a drill fails on a lab without mutations. With --by operator, mutations too brief
    to be seen by people are listed with the reason and do not count.
    """
    with loading():
        from kunren.controls import chosen_mutations, drills_for, keep, make_controls, tell_found
        from kunren.running.drill import make_record_folder, new_record_folder
        from kunren.running.drills import choose
        from lab.site.terms import By

    spoken = spoken_of(language)
    if list_only:
        tell(*(f"{each.name}\t{each.point}\t{each.effect}" for each in chosen_mutations(mutations)))
        return Exit.PASSED
    folder = out or new_record_folder(site_of(None), prefix="controls-")
    make_record_folder(folder)
    drills, tried = choose(drill_names, spoken, None), chosen_mutations(mutations)
    if drill_names:
        tried = tuple(mutation for mutation in tried if mutations or drills_for(mutation, drills))
    whole = not drill_names and not mutations and by == "powershell"
    stopping = sentence("controls.stopping").in_(spoken)
    stops_of_run().listeners.append(lambda: say_at_once(stopping))
    made = make_controls(drills, tried, folder, whole=whole, by=By(by), language=spoken, told=tell_found)
    tell(sentence("controls.result", n=made.caught, all=len(made.controls), file=keep(made, folder)))
    if made.excused:
        tell(sentence("controls.excused", n=made.excused))
    return Exit.PASSED if made.sound else Exit.FAILED
