"""`kunren check`: the preflight check of a site, told to a person or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from drills.preflight.changes import Former
from drills.preflight.findings import Attested, Checked, Finding, NotChecked, Severity, Since
from drills.preflight.records import SiteRecords, beginning, former
from drills.preflight.site import SiteCheck
from journal.reader import RecordUnreadable
from kunren.exits import Exit, Stop
from kunren.terminal import MASKING
from lab.opening import open_lab
from lab.site.file import Site
from lab.site.terms import By
from words import Language, Quoted, Told, sentence, words_of

MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.NOTE: "–"}


RECORDS = Path("records")


def records_of(site: Site) -> SiteRecords:
    return SiteRecords(RECORDS, site.name, site.simulated)


def former_of(site: Site, record: Path | None) -> Former | None:
    """What a named record says of this site, or else the newest one below records/."""
    records = records_of(site)
    if record is None:
        return records.newest()
    try:
        found = former(record) if records.has(beginning(record)) else None
    except RecordUnreadable as error:
        raise Stop(Exit.USAGE, error.why) from error
    if found is None:
        raise Stop(Exit.USAGE, sentence("check.since_other", record=record, site=site.name))
    return found


def check(site: Site, language: Language, since: Former | None = None) -> Checked:
    """Asks all that can be asked, and changes nothing."""
    with open_lab(site) as lab:
        MASKING.hide(lab.secrets)
        return SiteCheck(
            lab=lab,
            subject=site.subject,
            zone=site.time_zone,
            language=language,
            attended=site.by is not By.POWERSHELL,
            former=since,
            tested=records_of(site).tested(),
        ).check()


def exit_of(checked: Checked) -> Exit:
    return Exit.PASSED if checked.ready else Exit.NOT_READY


def sheet(checked: Checked, site: Site, language: Language) -> Iterator[str]:
    words = words_of(language)

    def masked(told: Told) -> str:
        return MASKING.text(told.in_(language))

    def line(mark: str, severity: Severity, told: Told, point: str) -> str:
        of_guide = f" [{words('check.point', point=point)}]" if point else ""
        return f"  {mark} {words(f'check.severity.{severity.value}')}: {masked(told)}{of_guide}"

    yield words("check.title_simulated" if site.simulated else "check.title", site=site.name)
    for finding in checked.findings:
        yield line(MARKS[finding.severity], finding.severity, finding.seen, finding.point)
        if finding.todo is not None:
            yield f"      → {masked(finding.todo)}"
    if checked.since is not None:
        yield from (f"  {masked(line)}" for line in changed(checked.since, site))
    if checked.attested:
        yield f"  {words('check.attested.title')}"
    for said in checked.attested:
        assert said.of.look is not None, "only what can be looked at is attested"
        yield line("◇", said.of.severity, said.of.look, said.of.point)
        yield f"      → {masked(attested(said))}"
    yield f"  {words('check.not_checked')}"
    for each in checked.not_checked:
        yield line("?", each.severity, each.why, each.point)
        if each.look is not None:
            yield f"      → {masked(each.look)}"
    yield masked(result(checked))


def changed(since: Since, site: Site) -> Iterator[Told]:
    moment = f"{site.time_zone.local(since.former.began):%Y-%m-%d %H:%M}"
    yield sentence("check.since", record=since.former.record, moment=moment)
    if not since.changes:
        yield sentence("check.unchanged")
    for each in since.changes:
        yield sentence("check.change", change=each)


def result(checked: Checked) -> Told:
    errors, warnings = checked.of(Severity.ERROR), checked.of(Severity.WARNING)
    found = sentence("check.result", errors=len(errors), warnings=len(warnings), unchecked=len(checked.not_checked))
    if not checked.attested:
        return found
    unsound = sum(not each.sound for each in checked.attested)
    return sentence("check.attested.result", found=found, n=len(checked.attested), unsound=unsound)


def attested(each: Attested) -> Told:
    role = sentence(f"people.{each.by.role.value}")
    who = sentence("people.person", name=each.by.name, role=role)
    told = sentence("check.attested.sound" if each.sound else "check.attested.unsound", who=who, at=each.at)
    return sentence("check.attested.said", told=told, said=Quoted(each.said)) if each.said else told


def as_json(checked: Checked, site: Site, language: Language) -> str:
    def told(text: Told | None) -> str | None:
        return None if text is None else MASKING.text(text.in_(language))

    def about(each: Finding | NotChecked) -> dict[str, str | None]:
        return {
            "id": each.id,
            "severity": each.severity.value,
            "guide": each.point or None,
            "host": each.host or None,
        }

    def row(finding: Finding) -> dict[str, str | None]:
        return {**about(finding), "seen": told(finding.seen), "todo": told(finding.todo)}

    def left_out(each: NotChecked) -> dict[str, str | None]:
        return {**about(each), "why": told(each.why), "look": told(each.look)}

    def since(found: Since) -> dict[str, object]:
        return {
            "record": str(found.former.record),
            "began": found.former.began.isoformat(timespec="seconds"),
            "changes": [
                {"subject": MASKING.text(each.subject), "before": told(each.before), "after": told(each.after)}
                for each in found.changes
            ],
        }

    found = {
        "site": site.name,
        "simulated": site.simulated,
        "ready": checked.ready,
        "errors": len(checked.of(Severity.ERROR)),
        "warnings": len(checked.of(Severity.WARNING)),
        "findings": [row(each) for each in checked.findings],
        "since": None if checked.since is None else since(checked.since),
        "not_checked": [left_out(each) for each in checked.not_checked],
    }
    return json.dumps(found, ensure_ascii=False)
