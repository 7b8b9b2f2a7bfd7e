"""An upper bound on the work of a backtracking search, read off the expression: what can be bounded can be allowed.

A search tries paths. A loop over single characters may end anywhere in the text, so each one multiplies the paths by
the places to end it, unless the character that has to follow is none of the loop's: then there is one end only. A loop
over something that itself matches in several ways has no useful bound.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

_FEW: Final = 8
"""Up to so many repetitions are counted one by one; more of them may end anywhere in the text."""
_PLAIN_GROUP: Final = re.compile(r"\((?:\?P<\w+>|\?:)?(?!\?)")
_LOOK_OR_ATOMIC: Final = re.compile(r"\(\?(?:<?[=!]|>)")
_FLAGGED_GROUP: Final = re.compile(r"\(\?[aiLmsux]*(?:-[imsx]+)?:")
_QUANTIFIER: Final = re.compile(r"(?:([*+?])|\{([0-9]+)\}|\{([0-9]*),([0-9]*)\})[?+]?")
_CHARACTER: Final = re.compile(
    r"\[\^?\]?(?:\\.|[^\]\\])*\]|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^bBAZ1-9])|[^\\^$]", re.DOTALL
)
_REFERENCE: Final = re.compile(r"\\[1-9][0-9]?|\(\?P=\w+\)")
_COMMENT: Final = re.compile(r"\(\?#[^)]*\)")
_BLANK: Final = re.compile(r"(?:\s|#[^\n]*)*")


@dataclass(frozen=True, slots=True)
class Cost:
    """At most `factor` times as many paths as there are ways to choose `cuts` places in the text.

    `scans`: a path walks the text on its way.
    """

    cuts: int = 0
    factor: float = 1.0
    atoms: int = 1
    scans: bool = False

    def steps(self, length: int) -> float:
        cuts = self.cuts + self.scans
        return self.factor * self.atoms * math.comb(length + cuts, cuts)

    def then(self, other: Cost) -> Cost:
        scans = self.scans or other.scans
        return Cost(self.cuts + other.cuts, self.factor * other.factor, self.atoms + other.atoms, scans)

    def otherwise(self, other: Cost) -> Cost:
        scans = self.scans or other.scans
        return Cost(max(self.cuts, other.cuts), self.factor + other.factor, self.atoms + other.atoms, scans)

    def repeated(self, least: int, most: float) -> Cost:
        if least == most and most <= _FEW:
            return replace(self, cuts=self.cuts * least, factor=self.factor**least, atoms=self.atoms * max(least, 1))
        if not self.cuts and self.factor == 1:
            few = most - least <= _FEW
            return replace(self, cuts=0 if few else 1, factor=most - least + 1 if few else 1)
        if most > _FEW:
            return replace(self, factor=math.inf)
        times = int(most)
        return replace(
            self,
            cuts=self.cuts * times,
            factor=(times - least + 1) * self.factor**times,
            atoms=self.atoms * times,
        )


@dataclass(frozen=True, slots=True)
class _Item:
    """An atom and how often it stands there: one character, a group (`branches`), or what has no width."""

    character: str | None = None
    branches: tuple[tuple[_Item, ...], ...] = ()
    plain: bool = False
    """A group that neither looks around nor changes flags."""
    flagged: bool = False
    cost: Cost = Cost()
    least: int = 1
    most: float = 1

    @property
    def once(self) -> bool:
        return self.least == self.most == 1

    def first(self) -> str | None:
        """The character every match of it begins with, where the expression says it in one atom."""
        if not self.least:
            return None
        if self.plain and len(self.branches) == 1:
            return self.branches[0][0].first() if self.branches[0] else None
        return self.character


@dataclass(slots=True)
class _Reader:
    """Reads an expression that `re` has accepted."""

    text: str
    verbose: bool
    position: int = 0

    def branches(self) -> tuple[tuple[_Item, ...], ...]:
        found = [tuple(self._items())]
        while self.text[self.position : self.position + 1] == "|":
            self.position += 1
            found.append(tuple(self._items()))
        return tuple(found)

    def _items(self) -> Iterator[_Item]:
        self._skip()
        while self.position < len(self.text) and self.text[self.position] not in "|)":
            item = self._atom()
            self._skip()
            if found := self._taken(_QUANTIFIER):
                item = replace(item, least=_least(found), most=_most(found))
                self._skip()
            yield item

    def _atom(self) -> _Item:
        if self._taken(_REFERENCE):
            return _Item(cost=Cost(cuts=1))
        plain = self._taken(_PLAIN_GROUP)
        flagged = None if plain else self._taken(_FLAGGED_GROUP)
        if plain or flagged or self._taken(_LOOK_OR_ATOMIC):
            inner = self.branches()
            self.position += 1
            return _Item(branches=inner, plain=plain is not None, flagged=flagged is not None)
        if found := self._taken(_CHARACTER):
            return _Item(character=found.group())
        self.position += 2 if self.text[self.position] == "\\" else 1
        return _Item()

    def _taken(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found

    def _skip(self) -> None:
        """Comments, and in a verbose expression blanks."""
        while (self.verbose and (found := self._taken(_BLANK)) and found.group()) or self._taken(_COMMENT):
            pass


def _least(found: re.Match[str]) -> int:
    mark, exact, least, _ = found.groups()
    return (1 if mark == "+" else 0) if mark else int(exact or least or 0)


def _most(found: re.Match[str]) -> float:
    mark, exact, _, most = found.groups()
    if mark:
        return 1 if mark == "?" else math.inf
    return int(exact or most) if exact or most else math.inf


@cache
def _every_character() -> str:
    return "".join(map(chr, range(0x110000)))


@lru_cache(maxsize=200)
def _apart(one: str, other: str, flags: int) -> bool:
    """Whether no character is matched by both."""
    both = re.compile(f"(?={one}){other}", flags & ~re.VERBOSE)
    return both.search(_every_character()) is None


def _branches_cost(branches: tuple[tuple[_Item, ...], ...], follow: str | None, flags: int | None) -> Cost:
    whole = _sequence_cost(branches[0], follow, flags)
    for branch in branches[1:]:
        whole = whole.otherwise(_sequence_cost(branch, follow, flags))
    return whole


def _sequence_cost(items: tuple[_Item, ...], follow: str | None, flags: int | None) -> Cost:
    whole = Cost()
    for index, item in enumerate(items):
        following = items[index + 1].first() if index + 1 < len(items) else follow
        whole = whole.then(_item_cost(item, following, flags))
    return whole


def _item_cost(item: _Item, follow: str | None, flags: int | None) -> Cost:
    if item.branches:
        within = None if item.flagged else flags
        inner = _branches_cost(item.branches, follow if item.plain and item.once else None, within)
        return inner.repeated(item.least, item.most)
    if flags is not None and item.character and not item.once and follow and _apart(item.character, follow, flags):
        return Cost(scans=True)
    return item.cost.repeated(item.least, item.most)


def costs(expression: str, flags: int) -> tuple[Cost, Cost]:
    """What a match at one place costs, and a search for one in a whole text."""
    branches = _Reader(expression, bool(flags & re.VERBOSE)).branches()
    match = _branches_cost(branches, None, flags)
    anchored = expression.startswith("^") and len(branches) == 1 and not flags & re.MULTILINE
    return match, match if anchored else match.then(Cost(cuts=1, atoms=0))
