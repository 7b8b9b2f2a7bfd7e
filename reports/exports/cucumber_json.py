"""Cucumber's JSON, which reporters of Jenkins read: the same features and scenarios as its messages have."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from journal.course import Outcome
from journal.record import DrillRecord
from reports.exports.attached import Attachments, Texts, about
from reports.exports.cases import Case, Part, Suite, suites
from words import Words

HEAD = '[\n {\n  "uri": "kunren/'
"""By which a file is known for one that Kunren has written."""
STATUS = {Outcome.PASSED: "passed", Outcome.FAILED: "failed", Outcome.UNKNOWN: "pending"}
"""Of what was run; all else is skipped. Readers know no status for what is unknown, and take pending for no pass."""
NANOSECONDS = 1_000_000_000


def cucumber_json(record: DrillRecord, folder: Path, words: Words) -> str:
    return json.dumps(_Json(record, folder, words).features(), ensure_ascii=False, indent=1) + "\n"


class _Json:
    def __init__(self, record: DrillRecord, folder: Path, words: Words) -> None:
        self._record, self._words = record, words
        self._texts, self._attachments = Texts(record, words), Attachments(record, folder, words)

    def features(self) -> list[Mapping[str, Any]]:
        return [self._feature(each) for each in suites(self._record, self._words)]

    def _feature(self, suite: Suite) -> Mapping[str, Any]:
        told = about(self._record, self._words)
        lines = iter(range(2, 1_000_000))
        return {
            "uri": f"kunren/{suite.id}.feature",
            "id": suite.id,
            "keyword": self._words("exports.gherkin.feature"),
            "name": self._texts.line(suite.name),
            "description": "\n".join(f"{name}: {value}" for name, value in told.items()),
            "line": 1,
            "tags": [],
            "elements": [self._scenario(suite, each, lines) for each in suite.cases],
        }

    def _scenario(self, suite: Suite, case: Case, lines: Any) -> Mapping[str, Any]:
        shown = {evidence.file for part in case.parts for evidence in part.files}
        rest = tuple(each for each in case.files if each.file not in shown)
        line = next(lines)
        steps = [self._step(each, rest if each is case.parts[-1] else (), lines) for each in case.parts]
        return {
            "id": f"{suite.id};{line}",
            "start_timestamp": suite.wall(case.began).isoformat(timespec="milliseconds"),
            "keyword": self._words("exports.gherkin.scenario"),
            "type": "scenario",
            "name": self._texts.line(case.name),
            "description": "",
            "line": line,
            "tags": [],
            "steps": steps,
        }

    def _step(self, part: Part, rest: tuple[Any, ...], lines: Any) -> Mapping[str, Any]:
        result: dict[str, Any] = {
            "status": STATUS.get(part.outcome, "skipped"),
            "duration": round(max(part.seconds, 0.0) * NANOSECONDS),
        }
        if told := self._texts.why(part.outcome, part.why):
            result["error_message"] = told
        attached = [self._attachments.of(each) for each in (*part.files, *rest)]
        return {
            "keyword": f"{self._texts.line(part.keyword)} ",
            "name": self._texts.line(part.text),
            "line": next(lines),
            "match": {"location": "kunren"},
            "result": result,
            "embeddings": [
                {
                    "mime_type": each.media_type,
                    "data": base64.b64encode(each.content).decode("ascii"),
                    "name": self._texts.line(each.name),
                }
                for each in attached
            ],
        }
