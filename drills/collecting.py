"""What pytest collects: the planned drills, each planned chapter of them as one test, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from drills.reading import PlannedChapter, PlannedDrill

Perform = Callable[[pytest.FixtureRequest], None]


class ChapterItem(pytest.Function):
    """A test that performs one chapter, with the fixtures its steps ask for by name."""

    def __init__(self, *, drill: PlannedDrill, number: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.drill = drill
        self.number = number
        """Its place in the plan, from 0."""

    @property
    def planned(self) -> PlannedChapter:
        return self.drill.chapters[self.number]


class DrillFile(pytest.File):
    """The chapters of one drill that were not left out, in the order of the plan."""

    drill: PlannedDrill
    perform: Perform

    def collect(self) -> Iterator[ChapterItem]:
        for number, chapter in enumerate(self.drill.chapters):
            if not chapter.left_out:
                yield ChapterItem.from_parent(
                    self, name=chapter.name, callobj=_calling(self.perform), drill=self.drill, number=number
                )


class PlannedDrills(pytest.Directory):
    """The drills of a run; no file is looked for, nor read again."""

    def plan(self, drills: Sequence[PlannedDrill], perform: Perform) -> None:
        self._drills = tuple(drills)
        self._perform = perform

    def collect(self) -> Iterator[DrillFile]:
        for drill in self._drills:
            file = DrillFile.from_parent(self, path=drill.file)
            file.drill, file.perform = drill, self._perform
            yield file


def _calling(perform: Perform) -> Callable[..., None]:
    """A function of its own, as pytest takes the object a method belongs to for the test's."""

    def chapter(request: pytest.FixtureRequest) -> None:
        perform(request)

    return chapter
