"""Words with one person at the terminal: choices by number, texts as they are typed, and notes at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from rich.console import Console, RenderableType

from board.answers import NotUsable, text_of
from kunren.people import request_sheet as sheet
from kunren.people.keyboard import Keyboard
from kunren.terminal import tell
from words import Words, sentence

NOTE = "asking.note"


@dataclass(slots=True, kw_only=True)
class Dialogue:
    """Every method raises TimeOver, Hurried and TerminalGone; `keep_note` puts a note into the record."""

    words: Words
    console: Console
    keyboard: Keyboard
    keep_note: Callable[[str], None]

    def remind(self, left: float) -> None:
        tell(sentence("asking.remind", left=self.words.length(timedelta(seconds=round(left)))))

    def decide(self, keys: Sequence[str], **about: object) -> str:
        """One of the choices; before it any number of notes."""
        while (chosen := self.choose([*keys, NOTE], **about)) == NOTE:
            self.keep_note(self.text("board.note_title", needed=True))
            tell(sentence("board.note_kept"))
        return chosen

    def choose(self, keys: Sequence[str], **about: object) -> str:
        self.show(sheet.options([self.words(key, **about) if about else self.words(key) for key in keys]))
        while True:
            chosen = by_number(self.typed("asking.what_now"), keys)
            if chosen is not None:
                return chosen
            tell(sentence("asking.number", most=len(keys)))

    def text(self, key: str, *, needed: bool = False) -> str:
        field = sentence(key)
        return self.usable(
            "asking.field" if needed else "asking.optional",
            lambda typed: text_of({"": typed}, "", needed=needed),
            field=field,
        )

    def usable(self, key: str, read: Callable[[str], str], **about: object) -> str:
        while True:
            try:
                return read(self.typed(key, **about))
            except NotUsable as error:
                tell(error.why)

    def typed(self, key: str, **about: object) -> str:
        def asked() -> str:
            left = round(self.keyboard.left)
            return self.words("asking.prompt", left=f"{left // 60}:{left % 60:02}", asked=self.words(key, **about))

        return self.keyboard.line(asked)

    def show(self, *all_of_it: RenderableType) -> None:
        for each in all_of_it:
            self.console.print(each, highlight=False)


def by_number(typed: str, keys: Sequence[str]) -> str | None:
    return keys[int(typed) - 1] if typed.isascii() and typed.isdecimal() and 1 <= int(typed) <= len(keys) else None
