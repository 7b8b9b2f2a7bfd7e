"""Runs the recorded scripts on the embedded engine and compares: `python -m tests.powershell.conformance`.

Each script agrees, is refused as outside the subset, or differs; a difference is a defect.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from enum import Enum

from powershell.matching import Matcher
from tests.powershell.engine_under_test import run_script
from tests.powershell.recordings import Answer, Case, load

HEADER = "At line:"


class Verdict(Enum):
    AGREED = "agreed"
    REFUSED = "refused"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Comparison:
    case: Case
    answer: Answer
    verdict: Verdict
    differences: tuple[str, ...]


def compare(case: Case, matcher: Matcher | None = None) -> Comparison:
    try:
        answer = run_script(case.script, matcher)
    except Exception as fault:  # noqa: BLE001 - a crash of the engine is a difference like any other
        return Comparison(case, Answer(), Verdict.DIFFERENT, (f"crashed: {fault!r}",))
    if _refused(answer):
        return Comparison(case, answer, Verdict.REFUSED, ())
    differences = tuple(_differences(case, answer))
    return Comparison(case, answer, Verdict.DIFFERENT if differences else Verdict.AGREED, differences)


def _refused(answer: Answer) -> bool:
    ended_by = answer.ended_by
    return ended_by is not None and ended_by.id.split(",")[0] == "OutsideSubset"


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


def main(names: list[str]) -> int:
    """Prints the verdicts; with names, only cases whose name begins with one of them, with their differences."""
    comparisons = [compare(case) for case in load() if not names or case.name.startswith(tuple(names))]
    for comparison in comparisons:
        if comparison.verdict is Verdict.DIFFERENT or (names and comparison.verdict is Verdict.REFUSED):
            message = comparison.answer.ended_by.message if comparison.answer.ended_by else ""
            print(f"{comparison.verdict.value} {comparison.case.name}: {comparison.case.script}")  # noqa: T201 - report
            for difference in comparison.differences or (message,):
                print(f"    {difference}")  # noqa: T201 - report
    counts = Counter(comparison.verdict for comparison in comparisons)
    print(", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict))  # noqa: T201 - report
    return 1 if counts[Verdict.DIFFERENT] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
