"""Name resolution on the machine Kunren runs on."""

from __future__ import annotations

import socket

from lab.errors import HostUnreachable
from words import sentence


def addresses(name: str) -> tuple[str, ...]:
    """The addresses a name leads to from here; raises HostUnreachable where it leads to none."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        server = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        raise HostUnreachable(sentence(f"errors.names.{'no_server' if server else 'unresolved'}", name=name)) from error
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
