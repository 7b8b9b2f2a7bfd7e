"""Commands after a run that died: undo what it had begun, or go on with it."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from kunren.commands.options import LANGUAGE, site_of, speak_as, stops_of_run
from kunren.commands.run_options import IN_BUSINESS_HOURS, STAY, BoardAsked, board_options
from kunren.exits import Mistakes
from kunren.signals import loading
from kunren.terminal import say, tell
from words import Language

OTHER_SITE = click.option(
    "--site", type=click.Path(path_type=Path), help="Site file (default: that of the run's command line)."
)


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@OTHER_SITE
@LANGUAGE
@click.option("--yes", is_flag=True, help="Restore without a question.")
@STAY
@board_options
def restore(
    *,
    record: Path,
    site: Path | None,
    language: Language | None,
    yes: bool,
    stay: bool,
    board: BoardAsked,
) -> int:
    """Undo what the run of a RECORD had begun on a real site when it died.

    Looks first, tells what is left, and asks. Only what this run had begun is undone; the record of the restoration
    is a folder beside RECORD. Exit codes: 0 the lab is as it was before the run, 2 usage, 3 not ready and untouched,
    5 the lab is not as it was, or that is not known.
    """
    with loading():
        from drills.performance import WayBack
        from kunren.console import terminal
        from kunren.machine import require_machine
        from kunren.running.afterwards import new_folder, read, require_same, restoring
        from kunren.running.afterwards import restore as restore_lab
        from kunren.running.afterwards import site_of as named_site
        from kunren.running.performing import RunOptions
        from kunren.running.permission import restored_by_people

    speak_as(site)
    left = read(record)
    file = site or named_site(left.run)
    chosen, stops, mistakes = site_of(file), stops_of_run(), Mistakes()
    require_same(left, chosen, file)
    back = mistakes.of(lambda: restoring(stops, yes=yes, stay=stay))
    spoken = language or chosen.language
    begun = frozenset(each.change for each in left.begun)
    asked = mistakes.of(lambda: restored_by_people(chosen, begun, doubtful=bool(left.doubtful))) or False
    with mistakes.of(board.opened) or nullcontext() as opened:
        mistakes.require_none()
        at_terminal = board.at_terminal(spoken, stops, asked=asked)
        require_machine()
        under = RunOptions(
            site=chosen,
            language=spoken,
            stops=stops,
            way_back=back or WayBack(),
            record=new_folder(left.record),
            left=left,
            board=opened,
            terminal=at_terminal,
        )
        return restore_lab(left, under, terminal())


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@OTHER_SITE
@click.option("--confirm", metavar="SITE", help="Confirm by repeating the name of the site.")
@IN_BUSINESS_HOURS
@STAY
@board_options
def resume(
    *,
    record: Path,
    site: Path | None,
    confirm: str | None,
    in_business_hours: str,
    stay: bool,
    board: BoardAsked,
) -> int:
    """Go on with the drill of a RECORD whose run died on a real site, from the chapter in which it died.

    As with `drill --from`, the lab has to be as that chapter begins, and the verdict is at best unknown; otherwise
    nothing is touched, and `restore` undoes what was begun. In the end the lab is restored to the state before RECORD.
    """
    with loading():
        from kunren.console import terminal
        from kunren.machine import require_machine
        from kunren.running.afterwards import RESUMES, instead, new_folder, read, reported, require_same, rest_of
        from kunren.running.afterwards import site_of as named_site
        from kunren.running.drill import perform
        from kunren.running.performing import RunOptions
        from kunren.running.permission import asks_people, require_offered, require_permission
        from kunren.running.plan import plan_sheet, way_back
        from kunren.running.verdict import verdict_lines

    speak_as(site)
    left = read(record)
    file = site or named_site(left.run)
    chosen, stops = site_of(file), stops_of_run()
    require_same(left, chosen, file)
    drill = rest_of(left)
    mistakes, asked = Mistakes(), asks_people(drill, chosen)
    mistakes.of(lambda: require_offered(chosen, (drill,)))
    with mistakes.of(board.opened) or nullcontext() as opened:
        mistakes.require_none()
        tell(*left.told(), *plan_sheet((drill,), chosen, drill.language, stay=stay, restore="auto"))
        require_permission(chosen, confirm)
        at_terminal = board.at_terminal(drill.language, stops, asked=asked)
        require_machine()
        under = RunOptions(
            site=chosen,
            language=drill.language,
            in_business_hours=in_business_hours,
            confirmed=confirm,
            way_back=way_back("auto", stops, stay=stay),
            record=new_folder(left.record, RESUMES),
            stops=stops,
            left=left,
            board=opened,
            terminal=at_terminal,
        )
        performed = perform((drill,), under, under.record, terminal(), 1)
        if opened is not None:
            opened.end(performed.at_board)
    for finding in (*performed.not_ready, *instead(performed.not_ready, left)):
        say(finding)
    tell(*verdict_lines(performed.verdict, drill.language), *reported(performed, under.record), performed.lab)
    return performed.code
