"""Name resolution on the machine Kunren runs on."""

from __future__ import annotations

import socket

from lab.errors import HostUnreachable
from words import reason, sentence


def addresses(name: str) -> tuple[str, ...]:
    """The addresses a name leads to from here; raises HostUnreachable where it leads to none."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        why = reason(error) if isinstance(error, OSError) else sentence("errors.names.no_name")
        raise HostUnreachable(sentence("errors.names.unresolved", name=name, reason=why)) from error
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
