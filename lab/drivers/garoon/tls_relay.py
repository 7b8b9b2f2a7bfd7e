"""Garoon over https for a browser that has no way to be told of a site's own certificate authority.

Chromium's list of keys to trust in spite of errors accepts any chain that merely carries such a key, so it cannot be
given the site's. Instead Kunren verifies Garoon's certificate itself, name and authority, as its other drivers do, and
hands the bytes on over loopback under a certificate made for this one window, whose key never leaves this process.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import selectors
import socket
import ssl
import threading
from contextlib import suppress
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lab.clock import SystemClock
from lab.model.endpoints import GaroonEndpoint
from lab.scratch import ScratchFolder
from lab.tls import context_of

LOOPBACK = "127.0.0.1"
TIMEOUT = 60.0
"""Wall seconds for a connection to be made, and for both sides to be silent before they count as gone."""
_WEEK = dt.timedelta(days=7)


class TlsRelay:
    """Serves from its construction until `close`; each connection of the browser has one of its own to Garoon."""

    def __init__(self, endpoint: GaroonEndpoint) -> None:
        parts = urlsplit(endpoint.url)
        onward = urlsplit(f"//{endpoint.connect}") if endpoint.connect else parts
        self._name = parts.hostname or ""
        self._onward = (onward.hostname or "", onward.port or 443)
        self._verifying = context_of(endpoint.certificate_authority)
        self._own, self.pin = _made_for(self._name)
        self.failure: OSError | None = None
        """Why the last connection to Garoon was not made, if it was not."""
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closing = False
        self._listening = socket.create_server((LOOPBACK, 0))
        self.address = f"{LOOPBACK}:{self._listening.getsockname()[1]}"
        self._acceptor = threading.Thread(target=self._accept, name="tls relay", daemon=True)
        self._acceptor.start()

    def close(self) -> None:
        """Cuts what is open."""
        with self._lock:
            self._closing = True
            for each in self._open:
                _cut(each)
        with suppress(OSError):  # nothing is connected to a listening socket; that is what wakes accept()
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._acceptor.join()

    def _accept(self) -> None:
        while True:
            try:
                visitor, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(visitor,), name="tls relay visitor", daemon=True).start()

    def _serve(self, visitor: socket.socket) -> None:
        with visitor:
            try:
                garoon = self._reached()
            except OSError as error:
                self.failure = error
                return
            self.failure = None
            with garoon, suppress(OSError):  # a browser that leaves early has nothing to be told
                visitor.settimeout(TIMEOUT)
                self._join(self._own.wrap_socket(visitor, server_side=True), garoon)

    def _reached(self) -> ssl.SSLSocket:
        connection = socket.create_connection(self._onward, timeout=TIMEOUT)
        try:
            return self._verifying.wrap_socket(connection, server_hostname=self._name)
        except OSError:
            connection.close()
            raise

    def _join(self, visitor: ssl.SSLSocket, garoon: ssl.SSLSocket) -> None:
        with visitor:
            with self._lock:
                if self._closing:
                    return
                self._open |= {visitor, garoon}
            _pump(visitor, garoon)
            with self._lock:
                self._open -= {visitor, garoon}


def _pump(visitor: ssl.SSLSocket, garoon: ssl.SSLSocket) -> None:
    """Carries bytes both ways until either side ends, in one thread: OpenSSL's connections are for one at a time."""
    other = {visitor: garoon, garoon: visitor}
    with selectors.DefaultSelector() as selector:
        for each in other:
            selector.register(each, selectors.EVENT_READ)
        while True:
            ready = [each for each in other if each.pending()]
            if not ready:
                readable = {key.fd for key, _ in selector.select(TIMEOUT)}
                ready = [each for each in other if each.fileno() in readable]
            if not ready:
                return
            for each in ready:
                received = _received(each)
                if received == b"":
                    return
                if received is not None:
                    other[each].settimeout(TIMEOUT)
                    other[each].sendall(received)


def _received(source: ssl.SSLSocket) -> bytes | None:
    """Receives bytes; None for TLS's own messages, such as a session ticket."""
    source.setblocking(False)
    try:
        return source.recv(1 << 16)
    except ssl.SSLWantReadError:
        return None


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _made_for(name: str) -> tuple[ssl.SSLContext, str]:
    """A server's context with a key of its own, and the digest by which Chromium is told to trust that key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kunren relay")])
    now = SystemClock().now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _WEEK)
        .not_valid_after(now + _WEEK)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    with ScratchFolder("relay") as folder:  # ssl loads keys from files only
        file = folder / "relay.pem"
        file.touch(mode=0o600)
        file.write_bytes(written + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(file)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return context, base64.b64encode(hashlib.sha256(public).digest()).decode("ascii")
