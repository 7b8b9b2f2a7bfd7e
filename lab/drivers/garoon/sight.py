"""What a browser shows, and why it shows nothing, in a few words."""

from __future__ import annotations

import re

from playwright.sync_api import Error, Page, Request

from lab.drivers.garoon.reading import read_page
from lab.tls import TlsTrouble
from words import Told, sentence


def address_of(request: Request) -> str:
    """The address without its query, which may hold a session or a word of the operator's."""
    return request.url.partition("?")[0][:200]


def trouble_of(error: Error) -> TlsTrouble | None:
    return next((trouble for sign, trouble in _TLS_SIGNS.items() if sign in error.message), None)


_TLS_SIGNS = {
    "ERR_CERT_AUTHORITY_INVALID": TlsTrouble.UNKNOWN_AUTHORITY,
    "ERR_CERT_COMMON_NAME_INVALID": TlsTrouble.OTHER_NAME,
    "ERR_CERT_DATE_INVALID": TlsTrouble.EXPIRED,
    "ERR_CERT_": TlsTrouble.OTHER_CERTIFICATE,
    "ERR_SSL_VERSION_OR_CIPHER_MISMATCH": TlsTrouble.OTHER_PROTOCOL,
    "ERR_SSL_PROTOCOL_ERROR": TlsTrouble.PLAIN_HTTP,
}


def not_shown(page: Page, expected: str) -> Told:
    return sentence("errors.garoon.not_shown", url=page.url, expected=sentence(f"page.{expected}"), page=sight_of(page))


def sight_of(page: Page) -> Told:
    try:
        return read_page(page.content()).sight
    except Error as error:
        return sentence("page.unreadable", reason=reason_of(error))


def reason_of(error: Error) -> str:
    """The browser's own word for a failed connection where there is one, else the first line of what was said."""
    name = re.search(r"net::(ERR_[A-Z_]+)", error.message)
    return name.group(1) if name else error.message.splitlines()[0][:200].rstrip(".")
