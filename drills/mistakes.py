"""Mistakes of a feature file: all that are known are told at once, each with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

MOST_TOLD = 20
LONGEST_QUOTED = 200


def quoted(text: str) -> str:
    """The text in quotes, cut where it is longer than a person would read."""
    return f"«{text}»" if len(text) <= LONGEST_QUOTED else f"«{text[:LONGEST_QUOTED]}…»"


class FeatureWrong(Exception):
    """A feature cannot be run as it is written; each sentence says where and what to do."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class Mistakes:
    """What is wrong with one file, by line; a mistake is put into words only as far as it will be told."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found: dict[tuple[int, str], str] = {}
        self._more: set[tuple[int, str]] = set()

    def add(self, line: int, about: str, text: str | Callable[[], str]) -> None:
        """`about` tells mistakes of one line apart; a second one of the same is not told."""
        key = (line, about)
        if key in self._found or key in self._more:
            return
        if len(self._found) == MOST_TOLD:
            self._more.add(key)
            return
        self._found[key] = text if isinstance(text, str) else text()

    def refuse(self) -> None:
        """Raises FeatureWrong when there is any."""
        if not self._found:
            return
        told = [f"{self._file}, line {line}: {text}." for (line, _), text in sorted(self._found.items())]
        if self._more:
            told.append(f"{self._file}: {len(self._more)} more mistakes are not listed.")
        raise FeatureWrong(*told)
