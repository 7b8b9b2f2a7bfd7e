"""What Garoon itself answers when it does not do what was asked."""

from __future__ import annotations

import ssl
from pathlib import Path

from lab.errors import AuthenticationRefused, OperationRefused, Refused
from lab.model.endpoints import GaroonEndpoint
from lab.model.garoon import Marker, comes_back_unchanged
from lab.tls import remedy, tls_trouble


class GaroonError(Refused):
    """The page or the answer is not the expected one; the text says what was seen instead."""

    def __init__(self, message: str, *, code: str = "", operation: str | None = None) -> None:
        super().__init__(message, operation=operation)
        self.code = code


def login_refused(user: str, told: str, operation: str) -> AuthenticationRefused:
    return AuthenticationRefused(
        f"Garoon does not accept the login of {user} ({told}): the password is wrong or has expired, or the user is "
        "unknown or suspended.",
        operation=operation,
    )


def tls_sentence(endpoint: GaroonEndpoint, error: ssl.SSLError) -> str:
    trouble = tls_trouble(error)
    authority = Path(endpoint.certificate_authority).name
    return f"{trouble.value}: {remedy(trouble, table='garoon', address='url', authority=authority)}"


def check_title(title: str) -> None:
    if not comes_back_unchanged(title):
        raise OperationRefused(
            f"The title {title!r} would not come back unchanged: give one line without control characters"
            " and without blanks at its ends.",
            operation="write",
        )


def check_same_entry(marker: Marker, found: str) -> None:
    """Event ids are given anew on an older database, so the id alone must not decide what is deleted."""
    if found != marker.title:
        raise OperationRefused(
            f"Appointment {marker.event_id} is «{found}» and not the drill's «{marker.title}»: it was left alone.",
            operation="remove",
        )
