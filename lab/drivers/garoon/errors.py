"""Errors of Garoon itself, and of the connection to it."""

from __future__ import annotations

from pathlib import Path

from lab.errors import AuthenticationRefused, HostUnreachable, OperationRefused, Refused
from lab.model.endpoints import GaroonEndpoint
from lab.model.garoon import Marker, comes_back_unchanged
from lab.tls import TlsTrouble, unvouched
from words import Told, sentence


class GaroonError(Refused):
    """The page or the answer is not the expected one; the text says what was seen instead."""

    def __init__(self, why: Told, *, code: str = "", operation: str | None = None) -> None:
        super().__init__(why, operation=operation)
        self.code = code


def login_refused(user: str, told: Told | str, operation: str) -> AuthenticationRefused:
    return AuthenticationRefused(
        sentence("errors.garoon.login_refused", user=user, told=told),
        operation=operation,
    )


def tls_failed(endpoint: GaroonEndpoint, trouble: TlsTrouble, operation: str) -> HostUnreachable:
    authority = Path(endpoint.certificate_authority).name
    told = unvouched(trouble, table="garoon", address="url", authority=authority)
    return HostUnreachable(
        sentence("errors.garoon.tls", url=endpoint.url.rstrip("/"), trouble=told), operation=operation
    )


def check_title(title: str) -> None:
    if not comes_back_unchanged(title):
        raise OperationRefused(
            sentence("errors.garoon.title", title=repr(title)),
            operation="write",
        )


def check_same_entry(marker: Marker, found: str) -> None:
    """Event ids are given anew on an older database, so the id alone must not decide what is deleted."""
    if found != marker.title:
        raise OperationRefused(
            sentence("errors.garoon.other_entry", number=marker.event_id, found=found, title=marker.title),
            operation="remove",
        )
