"""What no question of a check could answer is asked of a person at the terminal, who looks there and attests it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rich.console import Console

from drills.preflight.findings import Attested, Checked, NotChecked
from kunren.exits import Exit, Stop
from kunren.people.asking import introduced
from kunren.people.dialogue import Dialogue
from kunren.people.holding import begun
from kunren.people.keyboard import Keyboard, TerminalGone, TimeOver, attended
from kunren.terminal import MASKING, READER, tell
from words import Quoted, Told, sentence, words_of

SOUND, UNSOUND = "check.ask.sound", "check.ask.unsound"
CANNOT_TELL, NO_MORE = "check.ask.cannot_tell", "check.ask.no_more"


def require_terminal() -> None:
    """Raises Stop where no person can be asked."""
    if not attended():
        raise Stop(Exit.USAGE, sentence("check.ask.no_terminal"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """One question after the other, each for `limit` at the longest; what is not answered stays not checked."""

    limit: timedelta
    now: Callable[[], datetime]
    console: Console

    def held(self, checked: Checked) -> Checked:
        asked = [each for each in checked.not_checked if each.look is not None]
        if not asked:
            return checked
        attested: list[Attested] = []
        try:
            person = introduced("check.ask.introduce")
            for number, each in enumerate(asked, 1):
                tell("", sentence("check.ask.question", n=number, of=len(asked), why=_masked(each.why)))
                chosen, said = self._answered(each)
                if chosen == NO_MORE:
                    break
                if chosen != CANNOT_TELL:
                    sound = chosen == SOUND
                    attested.append(Attested(of=each, sound=sound, by=person, at=self.now(), said=said))
        except (TimeOver, TerminalGone):
            tell("", sentence("check.ask.over"))
        told = [each.of for each in attested]
        left = tuple(each for each in checked.not_checked if each not in told)
        return replace(checked, attested=tuple(attested), not_checked=left)

    def _answered(self, asked: NotChecked) -> tuple[str, str]:
        """What was chosen, and what the person says is there, which is needed where it is not as it should be."""
        dialogue = begun(self._talk, self.limit.total_seconds(), lambda: False)
        assert asked.look is not None, "what nobody can look at is not asked for"
        tell(_masked(asked.look))
        chosen = dialogue.choose([SOUND, UNSOUND, CANNOT_TELL, NO_MORE])
        if chosen in {CANNOT_TELL, NO_MORE}:
            return chosen, ""
        return chosen, MASKING.text(dialogue.text("check.ask.shown", needed=chosen == UNSOUND))

    def _talk(self, keyboard: Keyboard) -> Dialogue:
        """Notes are not kept, as a check leaves no record."""
        words = words_of(READER.language)
        return Dialogue(words=words, console=self.console, keyboard=keyboard, keep_note=lambda _: None)


def _masked(told: Told) -> Told:
    return Quoted(MASKING.text(told.in_(READER.language)))
