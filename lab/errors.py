"""Errors of the lab, sorted by what is known of the effect.

LabError
├─ NotStarted      nothing was begun, so trying again is safe
│  ├─ HostUnreachable
│  ├─ AuthenticationRefused
│  └─ OperationUnavailable      the profile does not offer it, or it is not verified on this site
├─ Refused         the other side answered, and said no
│  ├─ ScriptFailed
│  └─ OperationRefused
│     └─ InterlockRefused    by Kunren itself, before anything was sent
├─ Indeterminate   it may have happened: look, do not repeat
│  ├─ ConnectionLost
│  ├─ ScriptTimedOut
│  ├─ AnswerUnreadable
│  │  └─ GuestsUnread        Hyper-V failed while it listed its guests, as it may while one is registered
│  ├─ NoAnswer               nobody has answered, or not to what was asked
│  ├─ NoResult               a wait ended without a look that saw anything
│  └─ LeaseLost              another run has taken the site over
├─ Contradicted    what people say is not what both hosts show
└─ SiteError       the site file, the profile or the machine Kunren runs on is not usable
"""

from __future__ import annotations

from words import Explained, Listed, Told, sentence


class LabError(Explained):
    """Root of what can go wrong between Kunren and a lab: one sentence a person can act on, told in either language."""

    def __init__(self, why: Told, *, host: str | None = None, operation: str | None = None) -> None:
        super().__init__(why)
        self.host = host
        self.operation = operation


class NotStarted(LabError):
    """The operation was not begun on the other side."""


class HostUnreachable(NotStarted):
    """No connection to the host could be made."""


class AuthenticationRefused(NotStarted):
    """The host did not accept the login."""


class OperationUnavailable(NotStarted):
    """The site or its profile does not offer the operation, or it is not verified there."""


class Refused(LabError):
    """The other side answered and declined."""


class ScriptFailed(Refused):
    """A script ended with a PowerShell error."""

    def __init__(
        self,
        why: Told,
        *,
        host: str | None = None,
        operation: str | None = None,
        error_id: str = "",
        stray: tuple[str, ...] = (),
    ) -> None:
        super().__init__(why, host=host, operation=operation)
        self.error_id = error_id
        self.stray = stray


class OperationRefused(Refused):
    """The product, or an interlock of Kunren's own, declined the operation."""


class InterlockRefused(OperationRefused):
    """An interlock of Kunren's own declined: the guide forbids it at `point`, and nothing was sent."""

    def __init__(self, reason: Told, *, point: str, operation: str) -> None:
        super().__init__(sentence("interlocks.refused", reason=reason, point=point), operation=operation)
        self.point = point


class Indeterminate(LabError):
    """Whether it happened is not known; observe before doing anything again."""


class ConnectionLost(Indeterminate):
    """The connection broke after the operation had been sent."""


class ScriptTimedOut(Indeterminate):
    """The script did not answer before its deadline; its process was ended."""


class AnswerUnreadable(Indeterminate):
    """Something came back that is not the answer the script promises."""


class GuestsUnread(AnswerUnreadable):
    """Hyper-V could not tell of every guest; a moment later it may."""


class NoAnswer(Indeterminate):
    """People were asked, and what came of it is not known; `begun` where it was seen to have been begun."""

    def __init__(self, why: Told, *, operation: str | None = None, begun: bool = False) -> None:
        super().__init__(why, operation=operation)
        self.begun = begun


class NoResult(Indeterminate):
    """The last looks of a wait failed, so whether what it waited for has come is not known."""


class LeaseLost(Indeterminate):
    """Another run has taken the site over: what happens there now is not this drill's."""


class Contradicted(LabError):
    """What people say of the lab cannot be, as Hyper-V on both hosts shows."""


class SiteError(LabError):
    """The site file, a profile or this machine is not usable; nothing was touched. Each mistake has its sentence."""

    def __init__(self, *sentences: Told) -> None:
        super().__init__(Listed(sentences, "report.between_sentences"))
        self.sentences = sentences
