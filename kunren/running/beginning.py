"""What the journal of a run begins with: who runs what, where, and with which tools and files."""

from __future__ import annotations

import getpass
import os
import platform
import sys
from collections.abc import Iterator, Sequence

from drills.reading import PlannedDrill, twin_of
from journal import course
from journal.course import ChapterPlan, Digests, DrillPlan, Environment, Operator, RunBegan, StepPlan
from kunren import __version__
from kunren.machine import system
from kunren.records.registration import Registration, objectives_of
from kunren.running.performing import RunOptions
from kunren.terminal import MASKING
from lab import scripts
from lab.model.hosts import SIMULATED
from lab.site.file import Site
from steps.modules import vocabulary
from words import Text, Told

OWN_WORDS = (
    *("passed", "failed", "unknown", "skipped", "not run", "finished", "interrupted", "not ready", "restored"),
    *("kunren", "drill", "chapter", "step", "record", "journal", "report", "site", "lab", "login", "password"),
    SIMULATED,
    *("合格", "不合格", "判定不能", "訓練", "手順", "計測", "復元"),
)
"""What sentences of Kunren's say beside the words of its steps."""


def told_openly(drills: Sequence[PlannedDrill], site: Site) -> Iterator[str]:
    """What the record of a run says in any case: a password that is among it cannot be hidden."""
    subject = site.subject
    yield from (site.name, subject.master, subject.replica, subject.guest, subject.scenario, subject.garoon_url)
    for each in drills:
        for drill in (each, twin_of(each, vocabulary()) or each):
            yield from (drill.name, drill.title)
            for chapter in drill.chapters:
                yield chapter.name
                yield from (step.text for step in chapter.steps)
    for phrase in vocabulary().phrases:
        yield from (phrase.en, phrase.ja)
    yield from OWN_WORDS


def withhold(drills: Sequence[PlannedDrill], site: Site) -> None:
    """From now on the passwords of the site are masked in all that is told or written."""
    MASKING.say(told_openly(drills, site))
    MASKING.hide(site.secrets())


def operator_of(confirmed: str | None) -> Operator:
    """Who runs Kunren, on which machine, with which words; passwords in them are masked by the journal."""
    return Operator(
        login=login(),
        controller=platform.node(),
        command_line=("kunren", *sys.argv[1:]),
        confirmed=confirmed or "",
    )


def login() -> str:
    """The account Kunren runs under, as the system knows it, whatever the environment says."""
    try:
        import pwd  # noqa: PLC0415  # there is none on Windows
    except ImportError:
        return getpass.getuser()
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"


def beginning(drills: Sequence[PlannedDrill], under: RunOptions, registration: Registration) -> RunBegan:
    """What the journal begins with."""
    site = under.site
    return RunBegan(
        record=registration.record,
        kunren=__version__,
        language=under.language,
        operator=operator_of(under.confirmed),
        environment=Environment.SIMULATED if site.simulated else Environment.REAL,
        site=named(site),
        time_zone=site.time_zone.name,
        seed=site.seed,
        objectives=objectives_of(drills, site),
        digests=Digests(
            site_file=site.digests.site_file,
            discovery_file=site.digests.discovery_file or "",
            scripts=scripts.digests(),
            plan=registration.plan_digest,
            preregistration=registration.digest,
        ),
        controls=registration.controls,
        python=platform.python_version(),
        platform=system(),
        drills=tuple(plan_of(each) if each.chapters or under.left is None else under.left.plan for each in drills),
        plan=None if under.exercise is None else under.exercise.plan,
        restores="" if under.left is None else str(under.left.record.absolute()),
    )


def named(site: Site) -> course.Site:
    """What the site file names, as a journal has it."""
    return course.Site(
        name=site.name,
        master=site.subject.master,
        replica=site.subject.replica,
        garoon_url=site.subject.garoon_url,
        guest=site.subject.guest,
        scenario=site.subject.scenario,
    )


def plan_of(drill: PlannedDrill) -> DrillPlan:
    """In both languages where the feature has a twin."""
    twin = twin_of(drill, vocabulary()) or drill

    def both(own: str, other: str) -> Told:
        return Text(own, other) if drill.language == "en" else Text(other, own)

    return DrillPlan(
        drill=drill.name,
        title=both(drill.title, twin.title),
        file=drill.file.name,
        sha256=drill.sha256,
        guide=tuple(drill.guide),
        chapters=tuple(
            ChapterPlan(
                name=both(chapter.name, other.name),
                guide=tuple(chapter.guide),
                left_out=chapter.left_out,
                steps=tuple(
                    StepPlan(keyword=both(step.keyword, same.keyword), text=both(step.text, same.text))
                    for step, same in zip(chapter.steps, other.steps, strict=True)
                ),
            )
            for chapter, other in zip(drill.chapters, twin.chapters, strict=True)
        ),
    )
