"""allure-results: a file for each case, with its steps and its evidence."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from journal.course import Outcome
from journal.record import DrillRecord
from journal.seen import Evidence
from reports.exports.attached import Attached, Attachments, Texts, about
from reports.exports.cases import Case, Part, Suite, suites
from words import Words

STATUS = {Outcome.PASSED: "passed", Outcome.FAILED: "failed", Outcome.UNKNOWN: "broken"}
"""Of what was run; all else is skipped. Allure's own `unknown` is nothing that it counts as a defect."""
FOLDER = "allure-results"
"""As Allure looks for it."""
ENVIRONMENT = "environment.properties"
HEAD = "# Kunren\n"
"""By which that file is known for one that Kunren has written."""
MOST_BYTES = 500_000_000
"""Of all evidence, which is in files of its own."""
_NAMES = uuid.UUID("6f4a6c0e-8a54-5d0c-9d57-6b0f0a3c9d11")


def files(record: DrillRecord, folder: Path, words: Words) -> Iterator[tuple[str, bytes]]:
    """Names and contents. Another run's have other names, so that one folder may have those of several."""
    results = _Results(record, folder, words)
    seen: Counter[str] = Counter()
    for suite in suites(record, words):
        seen[suite.drill.id] += 1
        for case in suite.cases:
            yield from results.of(suite, case, seen[suite.drill.id])
    told = about(record, words)
    lines = (f"{name}={_property(value)}\n" for name, value in told.items())
    yield ENVIRONMENT, (HEAD + "".join(lines)).encode("ascii")


class _Results:
    def __init__(self, record: DrillRecord, folder: Path, words: Words) -> None:
        self._record, self._words, self._texts = record, words, Texts(record, words)
        self._attachments = Attachments(record, folder, words, MOST_BYTES)

    def of(self, suite: Suite, case: Case, time: int) -> Iterator[tuple[str, bytes]]:
        """`time` counts the drills of one name in the record."""
        own = str(uuid.uuid5(_NAMES, f"{self._record.id} {self._record.journal.head} {suite.id} {case.key}"))
        same = _digest(self._record.site.name, self._record.simulated, suite.drill.id, time, case.key)
        attached: dict[str, bytes] = {}
        began = suite.wall(case.began)
        steps = list(self._steps(suite, case.own, began, attached))
        shown = {each.file for part in case.own for each in part.files}
        result = {
            "uuid": own,
            "historyId": same,
            "testCaseId": same,
            "fullName": self._texts.line(f"{suite.drill.id}: {case.name}"),
            "name": self._texts.line(case.name),
            **self._outcome(case.outcome, case.why),
            **_times(began, case.seconds),
            "labels": list(self._labels(suite, case)),
            "parameters": [],
            "steps": steps,
            "attachments": list(self._attached((each for each in case.files if each.file not in shown), attached)),
        }
        yield f"{own}-result.json", (json.dumps(result, ensure_ascii=False, indent=1) + "\n").encode()
        yield from attached.items()

    def _labels(self, suite: Suite, case: Case) -> Iterator[Mapping[str, str]]:
        told = about(self._record, self._words)
        yield {"name": "framework", "value": "Kunren"}
        yield {"name": "epic", "value": told["environment"]}
        yield {"name": "parentSuite", "value": self._texts.line(f"{told['site']} ({told['environment']})")}
        yield {"name": "suite", "value": self._texts.line(suite.name)}
        yield {"name": "feature", "value": self._texts.line(suite.name)}
        yield {"name": "story", "value": self._texts.line(case.title)}
        yield {"name": "package", "value": suite.drill.id}
        yield from ({"name": "tag", "value": self._texts.line(each)} for each in case.guide)

    def _steps(
        self, suite: Suite, parts: Iterable[Part], now: datetime, attached: dict[str, bytes]
    ) -> Iterator[Mapping[str, Any]]:
        for part in parts:
            began = max(now, suite.wall(part.began)) if part.began else now
            now = began + timedelta(seconds=part.seconds)
            yield {
                "name": self._texts.line(f"{part.keyword} {part.text}"),
                **self._outcome(part.outcome, part.why),
                **_times(began, part.seconds),
                "steps": [],
                "attachments": list(self._attached(part.files, attached)),
                "parameters": [],
            }

    def _outcome(self, outcome: Outcome, why: str) -> Mapping[str, Any]:
        status = {"status": STATUS.get(outcome, "skipped"), "stage": "finished"}
        told = self._texts.why(outcome, why)
        return status | ({"statusDetails": {"message": told}} if told else {})

    def _attached(self, evidence: Iterable[Evidence], attached: dict[str, bytes]) -> Iterator[Mapping[str, str]]:
        for each in evidence:
            found = self._attachments.of(each)
            source = _file_of(found)
            attached[source] = found.content
            yield {"name": self._texts.line(found.name), "source": source, "type": found.media_type}


def _file_of(found: Attached) -> str:
    return f"{hashlib.sha256(found.content).hexdigest()[:32]}-attachment.{found.ending}"


def _times(began: datetime, seconds: float) -> Mapping[str, int]:
    start = round(began.timestamp() * 1000)
    return {"start": start, "stop": start + round(max(seconds, 0.0) * 1000)}


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _property(text: str) -> str:
    """As Java reads it."""
    escaped = "".join(f"\\{each}" if each in "\\=:#! " else each for each in text)
    utf16 = escaped.encode("utf-16-be")
    units = (int.from_bytes(utf16[n : n + 2], "big") for n in range(0, len(utf16), 2))
    return "".join(chr(unit) if 32 <= unit < 127 else f"\\u{unit:04x}" for unit in units)
