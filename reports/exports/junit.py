"""JUnit XML for Jenkins, GitLab and GitHub: a failure is a failure, what is unknown an error."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from journal.course import Outcome
from journal.record import DrillRecord
from lab.model.text import one_line, visible
from reports.exports.attached import Texts
from reports.exports.cases import Case, Suite, suites
from words import Words

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="Kunren'
"""By which a file is known for one that Kunren has written."""
MOST_BYTES = 29_000_000
"""GitLab reads no file of 30 MB."""
MOST_CHARACTERS = (20_000, 1_000, 100)
"""Of one text; the next where the whole were too large."""
KINDS = {
    Outcome.FAILED: "failure",
    Outcome.UNKNOWN: "error",
    Outcome.SKIPPED: "skipped",
    Outcome.NOT_RUN: "skipped",
}


def junit(record: DrillRecord, folder: Path, words: Words) -> str:
    """Of the record in a folder. Texts are cut and say so where the whole is too large; it may be so even then."""
    told = tuple(suites(record, words))
    for most in MOST_CHARACTERS:
        text = _Tree(record, folder, words, most).of(told)
        if len(text.encode()) <= MOST_BYTES:
            break
    return text


class _Tree:
    def __init__(self, record: DrillRecord, folder: Path, words: Words, most: int) -> None:
        self._record, self._folder, self._texts = record, folder.resolve(), Texts(record, words, most)

    def of(self, told: tuple[Suite, ...]) -> str:
        root = Element("testsuites", name=one_line(f"Kunren {self._record.id}".strip()))
        for each in told:
            self._suite(root, each)
        indent(root)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'

    def _suite(self, root: Element, suite: Suite) -> None:
        counted = Counter(KINDS.get(each.outcome) for each in suite.cases)
        began = suite.drill.began
        element = SubElement(
            root,
            "testsuite",
            name=self._texts.line(suite.name),
            tests=str(len(suite.cases)),
            failures=str(counted["failure"]),
            errors=str(counted["error"]),
            skipped=str(counted["skipped"]),
            time=f"{suite.seconds:.3f}",
        )
        if began:
            element.set("timestamp", began.wall.isoformat(timespec="seconds"))
        properties = SubElement(element, "properties")
        for name, value in self._properties(suite):
            SubElement(properties, "property", name=f"kunren.{name}", value=self._texts.line(value))
        for each in suite.cases:
            self._case(element, suite, each)

    def _properties(self, suite: Suite) -> tuple[tuple[str, str], ...]:
        return (
            ("record", self._record.id),
            ("journal", self._record.journal.sha256),
            ("site", self._record.site.name),
            ("simulated", str(self._record.simulated).lower()),
            ("lab_seconds", f"{suite.seconds:.3f}"),
            ("wall_seconds", f"{suite.wall_seconds:.3f}"),
        )

    def _case(self, suite: Element, of: Suite, case: Case) -> None:
        element = SubElement(
            suite,
            "testcase",
            classname=self._texts.line(f"{of.name} {of.id}"),
            name=self._texts.line(case.name),
            time=f"{case.seconds:.3f}",
        )
        if case.outcome in KINDS:
            message = case.why.partition("\n")[0]
            result = SubElement(element, KINDS[case.outcome], message=self._texts.line(message))
            result.text = self._texts.lines(case.why)
        if lines := [line for each in case.files for line in self._attached(each.file)]:
            SubElement(element, "system-out").text = "\n".join(lines)

    def _attached(self, file: str) -> list[str]:
        """GitLab takes the first, below the folder of the project; Jenkins the one from the root."""
        path = self._folder / file
        below = [path.relative_to(Path.cwd())] if path.is_relative_to(Path.cwd()) else []
        return [f"[[ATTACHMENT|{each}]]" for each in (*below, path) if visible(str(each)) == str(each)]
