"""The verdict of a run in one line, and its exit code."""

from __future__ import annotations

from collections.abc import Iterator

from drills.wording import Text
from journal.course import Outcome
from kunren.exits import Exit
from reports.judge import Subject, Verdict
from words import Language, words_of

SHORT = {
    (Subject.RTO, Outcome.FAILED): Text("RTO missed", "RTO 未達成"),
    (Subject.RTO, Outcome.UNKNOWN): Text("RTO not proven", "RTO は証明できず"),
    (Subject.RPO, Outcome.FAILED): Text("RPO missed", "RPO 未達成"),
    (Subject.RPO, Outcome.UNKNOWN): Text("RPO not proven", "RPO は証明できず"),
    (Subject.OUTAGE, Outcome.UNKNOWN): Text(
        "an outage was still open at the end of the drill", "訓練終了時にガルーンの停止が継続中"
    ),
    (Subject.CANARIES, Outcome.UNKNOWN): Text("canary entries not read back", "確認用の予定を照合できず"),
}


RESTORED = {Outcome.PASSED: "lab restored", Outcome.FAILED: "lab not restored"}


def verdict_lines(verdict: Verdict, language: Language) -> Iterator[str]:
    """The last is the same in every language, for logs that are searched."""
    if language == "ja":
        yield f"判定: {_in_japanese(verdict)}"
    yield f"verdict: {verdict_line(verdict)}"


def verdict_line(verdict: Verdict) -> str:
    """In the words of the exit codes."""
    restored = RESTORED.get(verdict.restoration, f"restoration {verdict.restoration.value}")
    restored += ", the guest stays on the host it was moved to" if verdict.stays else ""
    part = ["partial run"] if verdict.partial else []
    people = [f"{verdict.attested} steps attested by people"] if verdict.attested else []
    said = ", ".join([verdict.outcome.value, *part, *people, *_short(verdict, "en"), *_doubts(verdict, "en"), restored])
    return f"{said} (SIMULATED)" if verdict.simulated else said


def _in_japanese(verdict: Verdict) -> str:
    words = words_of("ja")
    part = ["一部の章のみ実施"] if verdict.partial else []
    restored = f"{words('figure.restoration')} {words(f'restoration.{verdict.restoration.value}')}"
    restored += "（仮想マシンは移動先に維持）" if verdict.stays else ""
    people = [f"担当者の回答による手順 {verdict.attested} 件"] if verdict.attested else []
    parts = (*part, *people, *_short(verdict, "ja"), *_doubts(verdict, "ja"), restored)
    said = "、".join([words(f"outcome.{verdict.outcome.value}"), *parts])
    return f"{said}（{words('report.simulated')}）" if verdict.simulated else said


def _short(verdict: Verdict, language: Language) -> Iterator[str]:
    yield from dict.fromkeys(SHORT[each.subject, each.outcome].in_(language) for each in verdict.shortfalls)


def _doubts(verdict: Verdict, language: Language) -> Iterator[str]:
    """Why the record itself cannot be relied on."""
    if verdict.altered:
        yield Text("evidence was altered", "証跡が保存時と異なる").in_(language)
    if verdict.contradictions:
        yield Text("the journal is not that of the run", "ジャーナルが当該訓練のものと認められない").in_(language)


def exit_of(verdict: Verdict, *, stopped: bool = False) -> Exit:
    """A lab that is not as it was, or not known to be, outranks everything else; *not ready* means none was touched."""
    if verdict.restoration in {Outcome.FAILED, Outcome.UNKNOWN}:
        return Exit.NOT_RESTORED
    if stopped:
        return Exit.STOPPED
    if verdict.not_ready and verdict.restoration is Outcome.NOT_RUN:
        return Exit.NOT_READY
    match verdict.outcome:
        case Outcome.FAILED:
            return Exit.FAILED
        case Outcome.PASSED:
            return Exit.PASSED if verdict.restoration is Outcome.PASSED else Exit.NOT_RESTORED
        case _:
            return Exit.UNKNOWN
