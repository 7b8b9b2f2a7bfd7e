"""The only polling loop: look, and look again, until something holds or the time for it is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from lab.errors import (
    AuthenticationRefused,
    Contradicted,
    InterlockRefused,
    LabError,
    NoAnswer,
    NoResult,
    NotStarted,
    OperationUnavailable,
    SiteError,
)
from lab.ports import Clock
from words import sentence

T = TypeVar("T")

LASTING = (AuthenticationRefused, Contradicted, InterlockRefused, NoAnswer, OperationUnavailable, SiteError)
"""What another look cannot mend: the wait ends at once. A login above all is not tried again and again."""
LOGINS_WHILE_BOOTING = 2
BETWEEN_LOGINS = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Waited(Generic[T]):
    """The end of a wait: whether it was met, what was seen last, how long it took on the lab's clock.

    At `not_yet` the last look began that did not find it to hold: when it came true, it was between the two. Looks
    that ended in an error found nothing; `failed` counts them, and `cause` is the last one's.
    """

    met: bool
    seen: T | LabError
    took: timedelta
    not_yet: timedelta
    looks: int = 1
    failed: int = 0
    cause: LabError | None = None

    def result(self) -> T:
        """The last look's finding; NoResult where it found nothing, or the error itself of the only look."""
        if not isinstance(self.seen, LabError):
            return self.seen
        if self.looks == 1 or isinstance(self.seen, LASTING):
            raise self.seen
        seconds = f"{self.took.total_seconds():.0f}"
        raise NoResult(
            sentence("wait.no_result", failed=self.failed, looks=self.looks, seconds=seconds, error=self.seen),
            host=self.seen.host,
            operation=self.seen.operation,
        ) from self.seen


def wait_until(
    look: Callable[[], T],
    holds: Callable[[T], bool],
    *,
    clock: Clock,
    within: timedelta,
    every: timedelta,
    final: Callable[[], bool] = lambda: False,
) -> Waited[T]:
    """Looks at once, then every `every`, for the last time when `within` is over, or when a look was `final`.

    A look that fails, however it fails, is a look without a result; only what lasts (LASTING) ends the wait at once.
    So `look` must only ask: an action that failed would be sent again.
    """
    began = clock.monotonic()
    not_yet = timedelta()
    looks = failed = 0
    cause: LabError | None = None
    while True:
        looked = timedelta(seconds=clock.monotonic() - began)
        seen = _taken(look)
        took = timedelta(seconds=clock.monotonic() - began)
        looks += 1
        if isinstance(seen, LabError):
            failed, cause = failed + 1, seen
            if isinstance(seen, LASTING):
                return Waited(False, seen, took, not_yet, looks, failed, cause)
        elif holds(seen):
            return Waited(True, seen, took, not_yet, looks, failed, cause)
        else:
            not_yet = looked
        if took >= within or final():
            return Waited(False, seen, took, not_yet, looks, failed, cause)
        clock.sleep(min(every, within - took))


def _taken(look: Callable[[], T]) -> T | LabError:
    try:
        return look()
    except LabError as error:
        return error


class WhileBooting(Generic[T]):
    """A look at a host that a drill has rebooted, which may refuse a right login until its own services have started.

    A look whose login is refused counts as one without a result, and the next login waits for three minutes; what is
    asked meanwhile is not sent. The second refusal lasts. Two logins cannot lock an account whose threshold is sane.
    """

    def __init__(self, look: Callable[[], T], allow_login_again: Callable[[], None], clock: Clock) -> None:
        self._look = look
        self._allow_login_again = allow_login_again
        self._clock = clock
        self._refusals = 0
        self._again_at = 0.0

    def __call__(self) -> T:
        now = self._clock.monotonic()
        if self._refusals and now < self._again_at:
            raise NotStarted(sentence("errors.login.while_booting", seconds=f"{self._again_at - now:.0f}"))
        if self._refusals:
            self._allow_login_again()
        try:
            seen = self._look()
        except AuthenticationRefused as error:
            self._refusals += 1
            self._again_at = self._clock.monotonic() + BETWEEN_LOGINS.total_seconds()
            if self._refusals == LOGINS_WHILE_BOOTING:
                raise
            raise NotStarted(error.why, host=error.host, operation=error.operation) from error
        self._refusals = 0
        return seen
