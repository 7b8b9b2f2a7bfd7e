"""How a task or a question is answered at the terminal: choices by number, texts as they are typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console, RenderableType
from rich.text import Text

from board.answers import NotUsable, filled, moment_of, text_of
from board.picture import Open
from kunren import request_sheet as sheet
from kunren.keyboard import Keyboard
from kunren.terminal import tell
from lab.model.tasks import Field, FieldKind, Question, Rows, TaskAnswer, TaskOutcome, Value
from words import Told, Words, sentence

ABORTS = "aborts"
Sent = Mapping[str, Any]
"""An answer as `board.answers.answer_of` reads it; with ABORTS the run is to stop as well."""


@dataclass(slots=True, kw_only=True)
class Answering:
    """The words with one person about one request; every call of `answer` leads to an answer."""

    of: Open
    page: sheet.Page
    words: Words
    console: Console
    keyboard: Keyboard
    practise: Callable[[], TaskAnswer]
    now: Callable[[], datetime]
    _told: bool = False
    _confirmed: bool = False
    _did: TaskAnswer | None = None

    def begin(self, who: Told) -> None:
        limit = self.of.request.request.limit
        until = self.words.clock(self.now() + limit)
        told = self.words("asking.limit", limit=self.words.length(limit), until=until)
        self._show(sheet.headline(self.page, self.of.request.number, who.in_(self.words.language), told, self.words))

    def answer(self) -> Sent:
        """Raises TimeOver, Hurried and TerminalGone."""
        asked = self.of.request.request
        return self._question(asked) if isinstance(asked, Question) else self._task()

    def remind(self, left: float) -> None:
        tell(sentence("asking.remind", left=self.words.length(timedelta(seconds=round(left)))))

    # -- a task --------------------------------------------------------------------------------------------------------

    def _task(self) -> Sent:
        if self.page["strikes"] and not self._confirmed and (instead := self._not_confirmed()):
            return self._undone(instead)
        self._tell_once()
        while True:
            practice = ["board.practice_do"] * (self.of.practice and self._did is None)
            chosen = self._chosen(["board.done", "board.not_possible", "asking.abort", *self._help, *practice])
            if chosen == "board.practice_do":
                self._practise()
            elif chosen == "asking.remedies":
                self._show(*sheet.remedies(self.page))
            elif chosen == "board.done":
                return self._done()
            else:
                return self._undone(chosen)

    def _not_confirmed(self) -> str:
        """Empty once the host has been typed, or what is chosen instead."""
        self._show(Text(self.words("board.strikes", host=self.page["host"]), style="bold red"))
        self._show(Text(self.words("board.strikes_told"), style="red"))
        others = ["board.not_possible", "asking.abort"]
        self._show(sheet.options([self.words(each) for each in others]))
        while True:
            typed = self._typed("asking.confirm", host=self.page["host"])
            if typed.casefold() == self.page["host"].casefold():
                self._confirmed = True
                return ""
            if (chosen := _by_number(typed, others)) is not None:
                return chosen
            tell(sentence("asking.not_confirmed", host=self.page["host"]))

    def _done(self) -> Sent:
        did = self._did.reason if self._did is not None and self._did.outcome is TaskOutcome.DONE else ""
        at = self._usable("asking.done_at", lambda typed: (moment_of(typed, self.now()), typed)[1])
        said = did or self._text("board.said")
        return {"outcome": TaskOutcome.DONE.value, "at": at, "reason": said, "confirmed": self._confirmed}

    def _undone(self, chosen: str) -> Sent:
        if chosen == "asking.abort":
            return {"outcome": TaskOutcome.ABORTED.value, "reason": self._text("board.reason"), ABORTS: True}
        reason = self._text("board.reason", needed=True)
        return {"outcome": TaskOutcome.NOT_POSSIBLE.value, "reason": reason}

    def _practise(self) -> None:
        did = self._did = self.practise()
        done = did.outcome is TaskOutcome.DONE
        tell(sentence("board.practice_did" if done else "board.practice_refused", said=did.reason))

    # -- a question ----------------------------------------------------------------------------------------------------

    def _question(self, question: Question) -> Sent:
        self._tell_once()
        if self.of.practice:
            self._show(Text(self.words("board.practice_shows" if self.of.shown else "board.practice_shows_nothing")))
            self._show(*sheet.rows_told(self.page, self.of.shown, self.words))
        while True:
            take = ["board.practice_take"] * bool(self.of.shown)
            none = ["board.none"] * (question.rows is not Rows.ONE)
            self._show(Text(self.words("board.what_shown"), style="bold"))
            chosen = self._chosen(["asking.enter", *none, "board.cannot_tell", "asking.abort", *self._help, *take])
            match chosen:
                case "asking.remedies":
                    self._show(*sheet.remedies(self.page))
                case "board.none":
                    return {"rows": [], "text": self._text("board.remark")}
                case "board.cannot_tell":
                    return {"known": False, "text": self._text("board.remark")}
                case "asking.abort":
                    return {"known": False, "text": self._text("board.reason"), ABORTS: True}
                case _:
                    rows = list(self.of.shown) if chosen == "board.practice_take" else self._entered(question)
                    self._show(*sheet.rows_told(self.page, rows, self.words))
                    if self._chosen(["board.answer", "asking.again"]) == "board.answer":
                        return {"rows": rows, "text": self._text("board.remark")}

    def _entered(self, question: Question) -> list[Mapping[str, Value]]:
        rows: list[Mapping[str, Value]] = []
        while not rows or (
            question.rows is Rows.SEVERAL and self._chosen(["board.row_add", "asking.no_more"]) == "board.row_add"
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
            self._show(sheet.options([told for _, told in choices]))
        key = "asking.choice" if choices else "asking.lines" if asked.kind is FieldKind.LINES else "asking.field"
        key = "asking.optional" if asked.optional else key
        while True:
            typed = self._typed(key, field=label)
            named = next((word for word, told in choices if typed in {word, told}), None)
            value = named or _by_number(typed, [word for word, _ in choices]) or typed
            try:
                return filled(asked, value.split(",") if asked.kind is FieldKind.LINES else value)
            except NotUsable as error:
                tell(error.why)

    # -- lines ---------------------------------------------------------------------------------------------------------

    def _tell_once(self) -> None:
        if not self._told:
            self._told = True
            self._show(*sheet.guidance(self.page, self.words))

    @property
    def _help(self) -> Sequence[str]:
        return ["asking.remedies"] * bool(self.page["remedies"])

    def _chosen(self, keys: Sequence[str]) -> str:
        about = {"n": len(self.page["remedies"])}
        self._show(sheet.options([self.words(key, **about) for key in keys]))
        while True:
            chosen = _by_number(self._typed("asking.what_now"), keys)
            if chosen is not None:
                return chosen
            tell(sentence("asking.number", most=len(keys)))

    def _text(self, key: str, *, needed: bool = False) -> str:
        field = sentence(key)
        return self._usable(
            "asking.field" if needed else "asking.optional",
            lambda typed: text_of({"": typed}, "", needed=needed),
            field=field,
        )

    def _usable(self, key: str, read: Callable[[str], str], **about: object) -> str:
        while True:
            try:
                return read(self._typed(key, **about))
            except NotUsable as error:
                tell(error.why)

    def _typed(self, key: str, **about: object) -> str:
        def asked() -> str:
            left = round(self.keyboard.left)
            return self.words("asking.prompt", left=f"{left // 60}:{left % 60:02}", asked=self.words(key, **about))

        return self.keyboard.line(asked)

    def _show(self, *all_of_it: RenderableType) -> None:
        for each in all_of_it:
            self.console.print(each, highlight=False)


def _by_number(typed: str, keys: Sequence[str]) -> str | None:
    return keys[int(typed) - 1] if typed.isascii() and typed.isdecimal() and 1 <= int(typed) <= len(keys) else None
