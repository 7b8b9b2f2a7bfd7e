"""How a task or a question is answered at the terminal: choices by number, texts as they are typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.text import Text

from board.answers import NotUsable, filled, moment_of
from board.picture import Open
from kunren.people import request_sheet as sheet
from kunren.people.dialogue import Dialogue, by_number
from kunren.terminal import tell
from lab.model.tasks import Field, FieldKind, Question, Rows, TaskAnswer, TaskOutcome, Value
from words import Told, sentence

ABORTS = "aborts"
Sent = Mapping[str, Any]
"""An answer as `board.answers.answer_of` reads it; with ABORTS the run is to stop as well."""


@dataclass(slots=True, kw_only=True)
class Answering(Dialogue):
    """The words with one person about one request; every call of `answer` leads to an answer.

    `hold` has the drill held before its next step; None where the person may not.
    """

    of: Open
    page: sheet.Page
    practise: Callable[[], TaskAnswer]
    now: Callable[[], datetime]
    hold: Callable[[], None] | None = None
    _told: bool = False
    _confirmed: bool = False
    _did: TaskAnswer | None = None

    def begin(self, who: Told) -> None:
        limit = self.of.request.request.limit
        until = self.words.clock(self.now() + limit)
        told = self.words("asking.limit", limit=self.words.length(limit), until=until)
        self.show(sheet.headline(self.page, self.of.request.number, who.in_(self.words.language), told, self.words))

    def answer(self) -> Sent:
        """Raises TimeOver, Hurried and TerminalGone."""
        asked = self.of.request.request
        return self._question(asked) if isinstance(asked, Question) else self._task()

    # -- a task --------------------------------------------------------------------------------------------------------

    def _task(self) -> Sent:
        if self.page["strikes"] and not self._confirmed and (instead := self._not_confirmed()):
            return self._undone(instead)
        self._tell_once()
        while True:
            practice = ["board.practice_do"] * (self.of.practice and self._did is None)
            chosen = self._decided(["board.done", "board.not_possible", "asking.abort", *self._help, *practice])
            if chosen == "board.practice_do":
                self._practise()
            elif chosen == "asking.remedies":
                self.show(*sheet.remedies(self.page))
            elif chosen == "board.done":
                return self._done()
            else:
                return self._undone(chosen)

    def _not_confirmed(self) -> str:
        """Empty once the host has been typed, or what is chosen instead."""
        self.show(Text(self.words("board.strikes", host=self.page["host"]), style="bold red"))
        self.show(Text(self.words("board.strikes_told"), style="red"))
        others = ["board.not_possible", "asking.abort"]
        self.show(sheet.options([self.words(each) for each in others]))
        while True:
            typed = self.typed("asking.confirm", host=self.page["host"])
            if typed.casefold() == self.page["host"].casefold():
                self._confirmed = True
                return ""
            if (chosen := by_number(typed, others)) is not None:
                return chosen
            tell(sentence("asking.not_confirmed", host=self.page["host"]))

    def _done(self) -> Sent:
        did = self._did.reason if self._did is not None and self._did.outcome is TaskOutcome.DONE else ""
        at = self.usable("asking.done_at", lambda typed: (moment_of(typed, self.now()), typed)[1])
        said = did or self.text("board.said")
        return {"outcome": TaskOutcome.DONE.value, "at": at, "reason": said, "confirmed": self._confirmed}

    def _undone(self, chosen: str) -> Sent:
        if chosen == "asking.abort":
            return {"outcome": TaskOutcome.ABORTED.value, "reason": self.text("board.reason"), ABORTS: True}
        reason = self.text("board.reason", needed=True)
        return {"outcome": TaskOutcome.NOT_POSSIBLE.value, "reason": reason}

    def _practise(self) -> None:
        did = self._did = self.practise()
        done = did.outcome is TaskOutcome.DONE
        tell(sentence("board.practice_did" if done else "board.practice_refused", said=did.reason))

    # -- a question ----------------------------------------------------------------------------------------------------

    def _question(self, question: Question) -> Sent:
        self._tell_once()
        if self.of.practice:
            self.show(Text(self.words("board.practice_shows" if self.of.shown else "board.practice_shows_nothing")))
            self.show(*sheet.rows_told(self.page, self.of.shown, self.words))
        while True:
            take = ["board.practice_take"] * bool(self.of.shown)
            none = ["board.none"] * (question.rows is not Rows.ONE)
            self.show(Text(self.words("board.what_shown"), style="bold"))
            chosen = self._decided(["asking.enter", *none, "board.cannot_tell", "asking.abort", *self._help, *take])
            match chosen:
                case "asking.remedies":
                    self.show(*sheet.remedies(self.page))
                case "board.none":
                    return {"rows": [], "text": self.text("board.remark")}
                case "board.cannot_tell":
                    return {"known": False, "text": self.text("board.remark")}
                case "asking.abort":
                    return {"known": False, "text": self.text("board.reason"), ABORTS: True}
                case _:
                    rows = list(self.of.shown) if chosen == "board.practice_take" else self._entered(question)
                    self.show(*sheet.rows_told(self.page, rows, self.words))
                    if self.choose(["board.answer", "asking.again"]) == "board.answer":
                        return {"rows": rows, "text": self.text("board.remark")}

    def _entered(self, question: Question) -> list[Mapping[str, Value]]:
        rows: list[Mapping[str, Value]] = []
        while not rows or (
            question.rows is Rows.SEVERAL and self.choose(["board.row_add", "asking.no_more"]) == "board.row_add"
        ):
            if question.rows is Rows.SEVERAL:
                tell(sentence("board.row", n=len(rows) + 1))
            rows.append({each.name: self._field(each) for each in question.fields})
        return rows

    def _field(self, asked: Field) -> Value:
        label = sentence(f"operator.field.{asked.name}")
        choices = [(each.word, each.label.in_(self.words.language)) for each in asked.choices]
        if asked.kind is FieldKind.FLAG:
            choices = [("true", self.words("board.yes")), ("false", self.words("board.no"))]
        if choices:
            self.show(sheet.options([told for _, told in choices]))
        key = "asking.choice" if choices else "asking.lines" if asked.kind is FieldKind.LINES else "asking.field"
        key = "asking.optional" if asked.optional else key
        while True:
            typed = self.typed(key, field=label)
            named = next((word for word, told in choices if typed in {word, told}), None)
            value = named or by_number(typed, [word for word, _ in choices]) or typed
            try:
                return filled(asked, value.split(",") if asked.kind is FieldKind.LINES else value)
            except NotUsable as error:
                tell(error.why)

    # -- lines ---------------------------------------------------------------------------------------------------------

    def _tell_once(self) -> None:
        if not self._told:
            self._told = True
            self.show(*sheet.guidance(self.page, self.words))

    @property
    def _help(self) -> Sequence[str]:
        return ["asking.remedies"] * bool(self.page["remedies"])

    def _decided(self, keys: Sequence[str]) -> str:
        hold = ["asking.hold"] * (self.hold is not None)
        while (chosen := self.decide([*keys, *hold], n=len(self.page["remedies"]))) == "asking.hold":
            assert self.hold is not None, "only then it can be chosen"
            self.hold()
            tell(sentence("board.pause_asked"))
        return chosen
