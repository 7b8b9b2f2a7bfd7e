"""The lease that a run holds on its site, and what is told of another run's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from drills.observation import Observation
from drills.readiness import LabNotReady
from journal.seen import LeaseNoted, LeaseStage, Note, OperatorAnswer
from journal.writer import Journal
from lab.errors import LabError, LeaseLost, OperationRefused
from lab.model.lease import Lease
from lab.safety.lease import SiteLease
from words import Told, sentence


@dataclass(frozen=True, slots=True)
class Tenure:
    """The lease this run takes, given the clock of the host it lies on; `takeover` is why another run's is replaced."""

    lease: Callable[[str], Lease]
    takeover: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """The lease as one run looks for it, takes it and gives it back; none in a lab that no other run can reach."""

    lease: SiteLease | None
    tenure: Tenure | None
    journal: Journal

    def other_run(self, observation: Observation, *, asks: bool) -> Iterator[Told]:
        """A drill that only asks needs no lease, and tells whose there is."""
        if self.lease is None:
            return
        other, forsaken = self.lease.other(), self.lease.forsaken
        there = other or forsaken
        if there is None:
            return
        if asks:
            observation.note(sentence("lease.meanwhile" if other else "lease.forsaken", lease=there))
        elif self.tenure is None or not self.tenure.takeover:
            yield sentence(f"readiness.{'other_run' if other else 'died'}", lease=there, record=there.record)
        else:
            asked = sentence("operator.take_over", lease=there)
            self.journal.write(OperatorAnswer(asked=asked, answered=self.tenure.takeover))

    def claim(self) -> bool:
        """Whether the lease was taken from another run, which may have acted until then."""
        if self.lease is None or self.tenure is None:
            return False
        try:
            self.lease.claim(self.tenure.lease)
        except OperationRefused as error:
            raise LabNotReady((error.why,)) from error
        self.journal.write(LeaseNoted(phase=LeaseStage.CLAIMED))
        return bool(self.tenure.takeover)

    def release(self) -> None:
        """Tells where it could not be given back; one that another run has taken is left to that run."""
        if self.lease is None or not self.lease.held:
            return
        lost = self.lease.lost
        try:
            self.lease.release()
        except LabError as error:
            self.journal.write(Note(text=sentence("lease.kept", error=error)))
        else:
            if not lost:
                self.journal.write(LeaseNoted(phase=LeaseStage.RELEASED))

    @property
    def taken_over(self) -> Lease | None:
        """The lease of another run that has taken the site over."""
        return None if self.lease is None else self.lease.lost

    def require(self) -> None:
        """Another run that has taken the site over is the one that acts there: LeaseLost."""
        if self.taken_over:
            raise LeaseLost(sentence("errors.lease.taken_over", lease=self.taken_over))
