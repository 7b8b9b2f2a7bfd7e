"""Mistakes of a feature file: all that are known are told at once, each with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from words import Told, sentence

MOST_TOLD = 20
LONGEST_QUOTED = 200


def cut(text: str) -> str:
    """The text as it is quoted, cut where it is longer than a person would read."""
    return text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED]}…"


class FeatureWrong(Exception):
    """A feature cannot be run as it is written; each sentence says where and what to do."""

    def __init__(self, *sentences: Told) -> None:
        super().__init__("\n".join(map(str, sentences)))
        self.sentences = sentences


class Mistakes:
    """What is wrong with one file, by line; a mistake is put into words only as far as it will be told."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found: dict[tuple[int, str], Told] = {}
        self._more: set[tuple[int, str]] = set()

    def add(self, line: int, about: str, problem: Told | Callable[[], Told]) -> None:
        """`about` tells mistakes of one line apart; a second one of the same is not told."""
        key = (line, about)
        if key in self._found or key in self._more:
            return
        if len(self._found) == MOST_TOLD:
            self._more.add(key)
            return
        self._found[key] = problem() if callable(problem) else problem

    def refuse(self) -> None:
        """Raises FeatureWrong when there is any."""
        if not self._found:
            return
        found = sorted(self._found.items(), key=lambda item: item[0])
        told = [
            sentence("feature.mistake", file=self._file, line=line, problem=problem) for (line, _), problem in found
        ]
        if self._more:
            told.append(sentence("feature.more", file=self._file, n=len(self._more)))
        raise FeatureWrong(*told)
