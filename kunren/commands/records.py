"""Commands that read records."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import click

from kunren.commands.options import LANGUAGE, amount, language_option, spoken_of
from kunren.exits import Exit, Stop
from kunren.records import Form
from kunren.signals import loading
from kunren.terminal import tell
from words import Language


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@language_option(help="Language (default: that of the run).")
@click.option(
    "--to",
    "form",
    type=click.Choice(get_args(Form)),
    default="html",
    help="One file, a folder with style and pictures beside the page, A4 pages, or a summary (default: html); "
    "the summary for GitHub, or an export to another program.",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Folder for the report (default: the record, or RECORD-report)."
)
def report(
    *,
    record: Path,
    language: Language | None,
    form: Form,
    out: Path | None,
) -> int:
    """Write the report of a RECORD again, from its journal and evidence.

    The file is report.html in the language of the run, report.<language>.html otherwise; in a folder, index.html.
    The folder suits servers with a strict Content-Security-Policy, as Jenkins has. report.pdf is printed by the
    browser of the drills; report.md is Markdown for tickets; summary appends it to $GITHUB_STEP_SUMMARY. Exports are
    written to RECORD-report: junit.xml, CSV, cucumber.ndjson, cucumber.json, allure-results, kunren.prom. Exit codes: 0
    written, whatever the verdict of the run; 2 record.json does not match the journal (use --out), or a file of that
    name is not Kunren's own; 3 no browser can print; 4 written, but the evidence was altered or the journal is not
    that of the run.
    """
    with loading():
        from kunren.records.report import rewrite

    written = rewrite(record, language, out, form)
    tell(*written.verdict, f"report: {written.html}")
    return written.code


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.argument("baseline", type=click.Path(path_type=Path), required=False)
@click.option(
    "--of",
    "folder",
    type=click.Path(path_type=Path),
    help="Baseline: the last passed run of this site and these drills below a folder, before RECORD.",
)
@click.option(
    "--last",
    "count",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="With --of: runs to show the spread of.",
)
@click.option(
    "--tolerance",
    "percent",
    callback=amount("%"),
    metavar="PERCENT",
    default="10%",
    show_default=True,
    help="Relative tolerance for times.",
)
@click.option(
    "--at-least",
    "seconds",
    callback=amount("s"),
    metavar="SECONDS",
    default="5s",
    show_default=True,
    help="Absolute tolerance; a difference must exceed both.",
)
@click.option(
    "--accept", type=click.Path(path_type=Path), help="TOML file of expected differences: which, who, why, until."
)
@click.option(
    "--changes", "only_changes", is_flag=True, help="Show only what differs, each cause with its consequences."
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON.")
@click.option(
    "--to",
    "form",
    type=click.Choice(["html", "pdf", "md"]),
    help="Write a document for a change ticket, with sign-off.",
)
@click.option("--out", type=click.Path(path_type=Path), help="File of the document (default: comparison.<form>).")
@language_option(help="Language (default: that of the record).")
def compare(
    *,
    record: Path,
    baseline: Path | None,
    percent: float,
    seconds: float,
    accept: Path | None,
    language: Language | None,
    out: Path | None,
    **options: Any,
) -> int:
    """Compare a RECORD with a BASELINE, step by step: same, faster, slower, or behaves differently.

    For acceptance after patches and changes. Exit codes: 0 same, faster, or accepted with remarks; 1 slower or behaves
    differently; 2 not comparable; 3 no browser can print; 4 unknown.
    """
    with loading():
        from kunren.console import terminal
        from kunren.records import uncollected
        from kunren.records.acceptance import last_passed, read_expected, write
        from kunren.records.compare import EXITS, compare_folders, show
        from reports.acceptance import Tolerance
        from reports.acceptance.as_json import to_json
        from reports.acceptance.differences import rule
        from reports.acceptance.result import Pair
        from reports.acceptance.sheet import Held
        from words import sentence, words_of

    folder, form = options["folder"], options["form"]
    if (baseline is None) == (folder is None):
        raise Stop(Exit.USAGE, sentence("acceptance.refused.one_baseline"))
    if out is not None and form is None:
        raise Stop(Exit.USAGE, sentence("acceptance.refused.out_needed"))
    expected = read_expected(accept)
    with uncollected():
        passed = last_passed(folder, record, options["count"]) if folder is not None else ()
        baseline = baseline or passed[0][0]
        runs = tuple(run for _, run in passed)
        found = compare_folders(record, baseline, Tolerance(share=percent / 100, seconds=seconds), runs)
    held = Held(acceptance=found, ruling=rule(found, expected), folders=Pair(str(baseline), str(record)), passed=runs)
    words = words_of(language or found.runs.record.language)
    if options["as_json"]:
        tell(to_json(found, held.ruling, held.spreads))
    else:
        show(held, words, terminal(), only_changes=options["only_changes"])
    if form is not None:
        write(held, words, form, out or Path(f"comparison.{form}"))
    return EXITS[held.ruling.verdict]


@click.command()
@LANGUAGE
@click.argument("records", nargs=-1, type=click.Path(path_type=Path), metavar="[RECORD]...")
def coverage(*, language: Language | None, records: tuple[Path, ...]) -> int:
    """List the chapters that cover each point of the guide, with their last outcomes on real and SIMULATED hosts.

    Outcomes are read from the RECORDs (default: all below records/). Exit code 1 if a point has no chapter.
    """
    with loading():
        from kunren.records.coverage import coverage_of, coverage_sheet, read_records

    spoken = spoken_of(language)
    found = read_records(records)
    lines = coverage_of(spoken, found)
    tell(*coverage_sheet(lines, spoken, found))
    return Exit.FAILED if any(line.missing for line in lines) else Exit.PASSED
