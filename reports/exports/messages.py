"""Cucumber messages, one JSON object a line: a drill is a feature, each of its cases a scenario."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from journal.course import Outcome
from journal.record import DrillRecord
from reports import judge
from reports.exports.attached import TEXT, Attachments, Texts, about
from reports.exports.cases import Case, Part, Suite, suites
from words import Words

PROTOCOL = "27.0.0"
"""Of the messages; what is written here has not changed since."""
HEAD = '{"meta": {"implementation": {"name": "Kunren", '
"""By which a file is known for one that Kunren has written."""
STATUS = {Outcome.PASSED: "PASSED", Outcome.FAILED: "FAILED", Outcome.UNKNOWN: "PENDING"}
"""Of what was run; all else is SKIPPED. For Cucumber its own UNKNOWN is less than PASSED, and has no message."""
LOG = "text/x.cucumber.log+plain"

Message = Mapping[str, Any]


def stream(record: DrillRecord, folder: Path, words: Words) -> Iterator[str]:
    """Moments are the wall's when a drill began; from there on the lab's clock counts."""
    for message in _Messages(record, folder, words).all():
        yield json.dumps(message, ensure_ascii=False) + "\n"


class _Messages:
    def __init__(self, record: DrillRecord, folder: Path, words: Words) -> None:
        self._record, self._words = record, words
        self._texts, self._attachments = Texts(record, words), Attachments(record, folder, words)
        self._numbers = itertools.count(1)

    def all(self) -> Iterator[Message]:
        tools, run = self._record.tools, self._id()
        yield {
            "meta": {
                "implementation": {"name": "Kunren", "version": self._texts.line(tools.kunren)},
                "protocolVersion": PROTOCOL,
                "runtime": {"name": "Python", "version": self._texts.line(tools.python)},
                "os": {"name": self._texts.line(tools.platform)},
                "cpu": {"name": "unknown"},
            }
        }
        told = tuple(suites(self._record, self._words))
        yield {"testRunStarted": {"id": run, "timestamp": _timestamp(self._record.began.wall)}}
        ended = self._record.began.wall
        for suite in told:
            feature = _Feature(suite, self._texts, self._words)
            yield from feature.document(self._id)
            for case, pickle in zip(suite.cases, feature.pickles, strict=True):
                yield {"pickle": pickle}
                yield from self._case(suite, case, pickle, run)
            ended = max(ended, suite.wall(suite.drill.last.lab if suite.drill.last else None))
        passed = judge.verdict(self._record).outcome is Outcome.PASSED
        yield {"testRunFinished": {"testRunStartedId": run, "success": passed, "timestamp": _timestamp(ended)}}

    def _case(self, suite: Suite, case: Case, pickle: Message, run: str) -> Iterator[Message]:
        ids = {"testCaseId": self._id(), "id": self._id()}
        steps = [self._id() for _ in case.parts]
        tested = [
            {"id": step, "pickleStepId": each["id"], "stepDefinitionIds": [], "stepMatchArgumentsLists": []}
            for step, each in zip(steps, pickle["steps"], strict=True)
        ]
        yield {
            "testCase": {
                "id": ids["testCaseId"],
                "pickleId": pickle["id"],
                "testRunStartedId": run,
                "testSteps": tested,
            }
        }
        now = suite.wall(case.began)
        yield {"testCaseStarted": {**ids, "attempt": 0, "timestamp": _timestamp(now)}}
        shown = {evidence.file for part in case.parts for evidence in part.files}
        for step, part in zip(steps, case.parts, strict=True):
            of = {"testCaseStartedId": ids["id"], "testStepId": step}
            began = max(now, suite.wall(part.began)) if part.began else now
            now = began + timedelta(seconds=part.seconds)
            yield {"testStepStarted": {**of, "timestamp": _timestamp(began)}}
            rest = [each for each in case.files if each.file not in shown] if part is case.parts[-1] else []
            for evidence in (*part.files, *rest):
                attached = self._attachments.of(evidence)
                yield _attachment(of, attached.media_type, attached.content)
            if part.outcome is Outcome.UNKNOWN and part.why:
                yield _attachment(
                    of, LOG, self._texts.lines(part.why).encode()
                )  # a message of such a step is not shown
            if case.key == "verdict":
                yield _attachment(of, LOG, self._about(suite).encode())
            result = {"status": _status(part.outcome), "duration": _duration(part.seconds)}
            if told := self._texts.why(part.outcome, part.why):
                result["message"] = told
            yield {"testStepFinished": {**of, "testStepResult": result, "timestamp": _timestamp(now)}}
        yield {
            "testCaseFinished": {"testCaseStartedId": ids["id"], "timestamp": _timestamp(now), "willBeRetried": False}
        }

    def _about(self, suite: Suite) -> str:
        told = about(self._record, self._words) | {
            "lab_seconds": f"{suite.seconds:.3f}",
            "wall_seconds": f"{suite.wall_seconds:.3f}",
        }
        return "\n".join(f"{name}: {value}" for name, value in told.items())

    def _id(self) -> str:
        return str(next(self._numbers))


class _Feature:
    """What a drill is as Gherkin; the record's own plan has no restoration, objectives and verdict in it."""

    def __init__(self, suite: Suite, texts: Texts, words: Words) -> None:
        self._suite, self._texts, self._words = suite, texts, words
        self.uri = f"{suite.id}.feature"
        self.pickles: list[Message] = []
        self._lines = [
            f"# language: {words.language}",
            f"{words('exports.gherkin.feature')}: {texts.line(suite.name)}",
        ]

    def document(self, new_id: Any) -> Iterator[Message]:
        children = [{"scenario": self._scenario(each, new_id)} for each in self._suite.cases]
        source = {"uri": self.uri, "data": "\n".join(self._lines) + "\n", "mediaType": "text/x.cucumber.gherkin+plain"}
        yield {"source": source}
        feature = {
            "location": {"line": 2, "column": 1},
            "tags": [],
            "language": self._words.language,
            "keyword": self._words("exports.gherkin.feature"),
            "name": self._texts.line(self._suite.name),
            "description": "",
            "children": children,
        }
        yield {"gherkinDocument": {"uri": self.uri, "comments": [], "feature": feature}}

    def _scenario(self, case: Case, new_id: Any) -> Message:
        keyword, name = self._words("exports.gherkin.scenario"), self._texts.line(case.name)
        location = self._next("", f"  {keyword}: {name}", column=3)
        node = new_id()
        steps = [self._step(each, new_id) for each in case.parts]
        pickled = [{"id": new_id(), "text": each["text"], "astNodeIds": [each["id"]]} for each in steps]
        self.pickles.append(
            {
                "id": new_id(),
                "uri": self.uri,
                "location": location,
                "name": name,
                "language": self._words.language,
                "steps": pickled,
                "tags": [],
                "astNodeIds": [node],
            }
        )
        return {
            "id": node,
            "location": location,
            "tags": [],
            "keyword": keyword,
            "name": name,
            "description": "",
            "steps": steps,
            "examples": [],
        }

    def _step(self, part: Part, new_id: Any) -> Message:
        keyword, text = f"{self._texts.line(part.keyword)} ", self._texts.line(part.text)
        location = self._next(f"    {keyword}{text}", column=5)
        return {"id": new_id(), "location": location, "keyword": keyword, "text": text}

    def _next(self, *lines: str, column: int) -> Message:
        self._lines += lines
        return {"line": len(self._lines), "column": column}


def _attachment(of: Message, media_type: str, content: bytes) -> dict[str, Any]:
    plain = media_type in {TEXT, LOG}
    body = content.decode() if plain else base64.b64encode(content).decode("ascii")
    encoding = "IDENTITY" if plain else "BASE64"
    return {"attachment": {**of, "mediaType": media_type, "contentEncoding": encoding, "body": body}}


def _status(outcome: Outcome) -> str:
    return STATUS.get(outcome, "SKIPPED")


def _timestamp(moment: datetime) -> Message:
    return _parts(moment - datetime(1970, 1, 1, tzinfo=UTC))


def _duration(seconds: float) -> Message:
    return _parts(timedelta(seconds=max(seconds, 0.0)))


def _parts(length: timedelta) -> Message:
    microseconds = length // timedelta(microseconds=1)
    return {"seconds": microseconds // 1_000_000, "nanos": microseconds % 1_000_000 * 1_000}
