"""One HTTP request and its answer, as the application sees them: no sockets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl

MOST_FIELDS = 500


class MalformedRequest(Exception):
    """The request is no form, or not one a browser would send."""


class ApplicationClosed(Exception):
    """The guest went away while the request was on its way: there is no answer."""


class GuestSilent(Exception):
    """The guest hangs: it takes requests and answers none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`path` is percent-decoded; header names are in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def parameters(self) -> dict[str, str]:
        return dict(_pairs(self.query))

    def fields(self) -> list[tuple[str, str]]:
        """The fields of a posted form, in order."""
        try:
            return _pairs(self.body.decode("ascii"))
        except UnicodeDecodeError as error:
            raise MalformedRequest("the body is not a URL-encoded form") from error

    def cookie(self, name: str) -> str:
        try:
            morsel = SimpleCookie(self.headers.get("cookie", "")).get(name)
        except CookieError:
            return ""
        return morsel.value if morsel is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    status: int = 200
    content_type: str = "text/html; charset=UTF-8"
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise MalformedRequest(str(error)) from error
