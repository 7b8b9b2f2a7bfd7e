"""Compares the embedded engine with a real one, case by case, as the recordings have its answers.

python -m tests.powershell.conformance [ID…]     what became of these cases (an id, or the topic it begins with)
python -m tests.powershell.conformance --pin     pins each case to what became of it; no difference can be pinned
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass

from powershell.matching import Matcher
from tests.powershell.engine_under_test import run_script
from tests.powershell.recordings import Answer, Case, Status, load, pin

HEADER = "At line:"
FAULT = "the engine failed"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`status` is None where the answers differ."""

    case: Case
    answer: Answer
    status: Status | None
    differences: tuple[str, ...] = ()

    @property
    def refusal(self) -> str:
        return self.answer.ended_by.message if self.answer.ended_by is not None else ""


def compare(case: Case, matcher: Matcher | None = None) -> Comparison:
    answer = run_script(case.script, matcher)
    if answer.ended_by is not None and answer.ended_by.id.split(",")[0] == "OutsideSubset":
        if FAULT in answer.ended_by.message:
            return Comparison(case, answer, None, (answer.ended_by.message,))
        return Comparison(case, answer, Status.REFUSED)
    differences = tuple(_differences(case, answer))
    return Comparison(case, answer, None if differences else Status.AGREES, differences)


def _differences(case: Case, answer: Answer) -> list[str]:
    found: list[str] = []
    for name in ("types", "text", "errors", "warnings", "information", "ended_by"):
        expected, got = getattr(case.answer, name), getattr(answer, name)
        if expected != got and not _is_accident(case, name, answer):
            found.append(f"{name}: expected {expected!r}, got {got!r}")
    return found


def _is_accident(case: Case, name: str, answer: Answer) -> bool:
    """Accidents of the recording: warnings merged away that still show, the missing header of a cut-off script."""
    if name == "warnings":
        return "3>" in case.script and not answer.warnings
    if name == "ended_by":
        expected, got = case.answer.ended_by, answer.ended_by
        return (
            expected is not None
            and got is not None
            and expected.category == "ParserError"
            and (expected.id, expected.category) == (got.id, got.category)
            and got.message.startswith(HEADER)
            and got.message.endswith(expected.message)
        )
    return False


def main(arguments: list[str]) -> int:
    """Prints what is not as it is pinned, and of named cases also the refusals; 1 when answers differ."""
    beginnings = tuple(each for each in arguments if each != "--pin")
    comparisons = [compare(case) for case in load() if case.id.startswith(beginnings or "")]
    for comparison in comparisons:
        now, pinned = comparison.status, comparison.case.status
        if now is not pinned or (beginnings and now is Status.REFUSED):
            told = "differs" if now is None else now.value
            print(f"{comparison.case.id} {told} (pinned: {pinned.value})\n{comparison.case.script}")  # noqa: T201 - report
            for line in comparison.differences or (comparison.refusal,):
                print(f"    {line}")  # noqa: T201 - report
    counts = Counter("differs" if comparison.status is None else comparison.status.value for comparison in comparisons)
    print(", ".join(f"{count} {told}" for told, count in sorted(counts.items())))  # noqa: T201 - report
    if "--pin" in arguments:
        pin({each.case.id: each.status for each in comparisons if each.status is not None})
    return 1 if counts["differs"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
