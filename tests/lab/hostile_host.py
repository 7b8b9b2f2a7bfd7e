"""A WinRM host, or who stands before it, that answers as a test says: slowly, endlessly, elsewhere, or with rubbish."""

import http.client
import socket
import threading
import time
import zlib
from collections import Counter
from contextlib import suppress
from functools import cache

from lab.clock import SystemClock
from lab.drivers.winrm.session import WinRmSession
from lab.model.endpoints import Authentication, Endpoint
from tests.lab.winrm_premises import ACTIONS, PASSWORD, Host


def echo(request, say, _console):
    say(output=[request["arguments"]])


class Hostile:
    """Hands each request on to a real stand-in and treats its answer by `attacks[action]`, a function of
    (connection, status line, body); an action without one is answered as it is. Speaks Basic, so that it can read."""

    def __init__(self, **attacks):
        self.attacks = attacks
        self.seen = Counter()
        self.host = Host(echo, allow_unencrypted=True)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/wsman"
        self._connections = []
        threading.Thread(target=self._accept, daemon=True).start()

    def session(self, **more):
        endpoint = Endpoint(
            host="MASTER",
            url=self.url,
            user="kunren",
            password=PASSWORD,
            authentication=Authentication.BASIC,
            table="hosts.master",
        )
        return WinRmSession(endpoint, clock=SystemClock(), wall=SystemClock(), **more)

    def close(self):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for each in self._connections:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self.host.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self._connections.append(connection)
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection):
        with connection, suppress(OSError), connection.makefile("rb") as lines:
            while request := self._request(lines):
                headers, body = request
                action = next((name for name in ACTIONS if f"/{name}<".encode() in body), "other")
                self.seen[action] += 1
                status, content = self._hand_on(headers, body)
                attack = self.attacks.get(action, self.attacks.get("every", whole))
                attack(connection, status, content)

    def _request(self, lines):
        headers = {}
        first = lines.readline()
        while (line := lines.readline().strip()) != b"":
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        return (headers, lines.read(int(headers.get("content-length", 0)))) if first else None

    def _hand_on(self, headers, body):
        onward = http.client.HTTPConnection("127.0.0.1", self.host.listener.port)
        kept = {name: value for name, value in headers.items() if name in {"authorization", "content-type"}}
        onward.request("POST", "/wsman", body, kept)
        answer = onward.getresponse()
        content = answer.read()
        onward.close()
        return answer.status, content


def head(status, length, *more):
    lines = [f"HTTP/1.1 {status} X", "Content-Type: application/soap+xml", f"Content-Length: {length}", *more]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(connection, status, content):
    connection.sendall(head(status, len(content)) + content)


def silent(connection, _status, _content):
    time.sleep(30)


def drip_body(connection, status, content):
    connection.sendall(head(status, len(content)))
    for byte in content:
        connection.sendall(bytes([byte]))
        time.sleep(0.1)


def drip_head(connection, _status, _content):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X-More: 1\r\n"[:3] + b": 1\r\n")
        time.sleep(0.1)


def drip_chunks(connection, _status, _content):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"1\r\nx\r\n")
        time.sleep(0.1)


def announces_much(connection, status, _content):
    connection.sendall(head(status, 2_000_000_000) + b"x" * 100_000)


def sends_much_unannounced(connection, _status, _content):
    connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    for _ in range(3000):
        connection.sendall(b"x" * 100_000)


def sends_an_endless_chunk_line(connection, _status, _content):
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(3000):
        connection.sendall(b"0" * 100_000)


@cache
def bomb():
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(500)) + packer.flush()


def gzip_bomb(connection, status, _content):
    connection.sendall(head(status, len(bomb()), "Content-Encoding: gzip") + bomb())


def nested(connection, status, _content):
    content = b"<a>" * 100_000 + b"</a>" * 100_000
    connection.sendall(head(status, len(content)) + content)


def with_entities(connection, status, content):
    declared = b'<!DOCTYPE x [<!ENTITY a "' + b"x" * 10_000 + b'">]>'
    body = content.partition(b"?>")[2] or content
    whole(connection, status, declared + body)


def relates_to_another(connection, status, content):
    marked = content.replace(b"RelatesTo>uuid:", b"RelatesTo>uuid:0")
    whole(connection, status, marked)


def relates_to_nothing(connection, status, content):
    before, _, rest = content.partition(b"<a:RelatesTo>")
    whole(connection, status, before + rest.partition(b"</a:RelatesTo>")[2])


def bytes_of(content):
    def attack(connection, status, _content):
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)

    return attack


def redirect(status, target):
    def attack(connection, _status, _content):
        connection.sendall(head(status, 0, f"Location: {target}"))

    return attack
