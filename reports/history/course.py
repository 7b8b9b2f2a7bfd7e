"""The records of one site in one environment, in the order of their runs, and what changed between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from journal.course import Environment
from reports.history.circumstances import Change, Circumstances, changes
from reports.history.folder import Listed
from reports.history.summary import DrillSummary

Site = tuple[str, Environment]
"""Simulated and real runs are never of one site, whatever its name is."""
ORDER = (Environment.REAL, Environment.SIMULATED)


@dataclass(frozen=True, slots=True)
class Patch:
    """What was found changed: at some moment after `since`, and before `until` began."""

    since: datetime
    until: datetime
    record: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """A drill of a record that counts."""

    listed: Listed
    drill: DrillSummary

    @property
    def began(self) -> datetime:
        return self.listed.began


@dataclass(frozen=True)
class Course:
    """Runs of one site, oldest first; `expected` are circumstances that are known of it now, such as its site file."""

    site: str
    environment: Environment
    listed: tuple[Listed, ...]
    expected: Circumstances

    @cached_property
    def runs(self) -> Mapping[str, Sequence[Run]]:
        """By drill."""
        found: defaultdict[str, list[Run]] = defaultdict(list)
        for each in self.listed:
            for drill in each.reading.drills:
                found[drill.drill].append(Run(each, drill))
        return found

    @cached_property
    def circumstances(self) -> Mapping[str, Circumstances]:
        """What was known of the site when each record, by its place, had ended: told by it, or last before it."""
        return {place: now for place, now, _ in self._followed}

    @cached_property
    def now(self) -> Circumstances:
        last = self._followed[-1][1] if self._followed else {}
        return {**last, **self.expected}

    @cached_property
    def patches(self) -> tuple[Patch, ...]:
        return tuple(patch for _, _, found in self._followed for patch in found)

    @cached_property
    def _followed(self) -> Sequence[tuple[str, Circumstances, Sequence[Patch]]]:
        known: Circumstances = {}
        when: dict[str, datetime] = {}
        found = []
        for each in self.listed:
            told = each.reading.told
            found.append((each.place, {**known, **told}, tuple(_patches(each, known, when))))
            known = found[-1][1]
            when |= dict.fromkeys(told, each.began)
        return found


def _patches(listed: Listed, known: Circumstances, when: Mapping[str, datetime]) -> Iterator[Patch]:
    """One for all that changed since the same former record."""
    since: defaultdict[datetime, list[Change]] = defaultdict(list)
    for group, facts in listed.reading.told.items():
        if group in known:
            since[when[group]] += changes({group: known[group]}, {group: facts})
    for moment, found in since.items():
        if found:
            yield Patch(moment, listed.began, listed.place, tuple(found))


def courses(listed: Sequence[Listed], expected: Mapping[Site, Circumstances]) -> tuple[Course, ...]:
    """Of all sites that have a record that counts, or of which something is expected, real ones first."""
    found: defaultdict[Site, list[Listed]] = defaultdict(list)
    for each in sorted((each for each in listed if each.counts), key=lambda each: each.began):
        assert each.reading.environment is not None, "a record that counts has been read"
        found[each.reading.site, each.reading.environment].append(each)
    order = sorted({**found, **expected}, key=lambda site: (ORDER.index(site[1]), site[0]))
    return tuple(Course(*site, tuple(found.get(site, ())), expected.get(site, {})) for site in order)
