"""Objectives of a failover, fixed before the run, and whether a measured length met them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from lab.model.bounds import Length, greatest
from lab.model.canaries import Loss
from lab.model.outages import Availability


class Attainment(Enum):
    """Judgement by the upper bound: what may have been longer than the objective has not met it."""

    MET = "met"
    MISSED = "missed"
    UNPROVEN = "unproven"
    NONE = "no objective"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objectives:
    """The longest outage users may have, and how far back entries may be lost; seconds, None where none is set."""

    rto_s: float | None
    rpo_s: float | None

    def sha256(self, plan: Sequence[str]) -> str:
        """The digest of both and of the plan's drills, in their order, so that neither can be changed afterwards."""
        fixed = {"rto_s": _number(self.rto_s), "rpo_s": _number(self.rpo_s), "plan": list(plan)}
        canonical = json.dumps(fixed, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Attained:
    """An objective, what was measured of it, and the judgement."""

    objective: float | None
    measured: Length
    attainment: Attainment

    @property
    def open(self) -> bool:
        """Whether nothing bounds it from above."""
        return self.measured.upper is None


def rto(objectives: Objectives, writing: Availability, restoration: float | None, *, watched: bool) -> Attained:
    """Judges the longest outage of writing that may have begun before the restoration did.

    No longer outage can have gone unseen than `writing.unseen`, so the measured one is at most that, or more. Unless
    writing was `watched` until the restoration, an outage may have been under way then: the most is not known.
    """
    lengths = [outage.length for outage in writing.outages if _is_before(outage.began.earliest, restoration)]
    longest = greatest([*(length.upper for length in lengths), writing.unseen if watched else None])
    return _attained(objectives.rto_s, Length(max((length.lower for length in lengths), default=0.0), longest))


def rpo(objectives: Objectives, loss: Loss) -> Attained:
    """Judges the loss as it was read before the restoration; read only after it, the loss is unknown."""
    return _attained(objectives.rpo_s, loss.seconds)


def _attained(objective: float | None, measured: Length) -> Attained:
    return Attained(objective, measured, attainment(objective, measured))


def attainment(objective: float | None, measured: Length) -> Attainment:
    if objective is None:
        return Attainment.NONE
    if measured.upper is not None and measured.upper <= objective:
        return Attainment.MET
    return Attainment.MISSED if measured.lower > objective else Attainment.UNPROVEN


def _is_before(began: float | None, restoration: float | None) -> bool:
    return began is None or restoration is None or began < restoration


def _number(seconds: float | None) -> float | None:
    """A float, so that 300 and 300.0 are one objective."""
    return None if seconds is None else float(seconds)
