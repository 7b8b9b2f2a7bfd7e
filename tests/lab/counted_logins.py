"""A way to a host that counts the logins of its visitors: the last messages (type 3) of NTLM handshakes."""

import base64
import re
import socket
import threading
from contextlib import suppress

_TOKEN = re.compile(rb"Authorization: (?:Negotiate|NTLM) ([A-Za-z0-9+/=]+)", re.IGNORECASE)


def last_messages(sent):
    """How many NTLM messages of type 3 there are in what a visitor sent; they may be wrapped in SPNEGO."""
    return sum(b"NTLMSSP\0\x03" in base64.b64decode(token) for token in _TOKEN.findall(sent))


class Counted:
    """A plain TCP relay to a port of loopback; `logins` is how many it has carried."""

    def __init__(self, port):
        self._port = port
        self._sent = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/wsman"
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def logins(self):
        return sum(last_messages(bytes(sent)) for sent in self._sent)

    def close(self):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self):
        while True:
            try:
                visitor, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(visitor,), daemon=True).start()

    def _serve(self, visitor):
        sent = bytearray()
        self._sent.append(sent)
        with visitor, socket.create_connection(("127.0.0.1", self._port)) as onward:
            back = threading.Thread(target=_carry, args=(onward, visitor, bytearray()), daemon=True)
            back.start()
            _carry(visitor, onward, sent)
            back.join()


def _carry(source, target, kept):
    with suppress(OSError):
        while received := source.recv(65536):
            kept += received
            target.sendall(received)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
