"""Whatever comes back from Garoon's address, an answer ends at its limit, in little memory, and leads nowhere else."""

import socket
import threading
import time
import tracemalloc
from contextlib import closing, suppress
from datetime import timedelta

import pytest

from lab.drivers.garoon.http import GaroonHttp
from lab.errors import AnswerUnreadable, ConnectionLost, HostUnreachable, LabError
from lab.model.endpoints import GaroonEndpoint
from tests.garoon_stand import HandSetClock
from tests.lab import hostile_host as attacks

WITHIN = timedelta(seconds=1)


class Server:
    """Reads a request and answers it by an attack of the hostile host."""

    def __init__(self, attack):
        self._attack = attack
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection, suppress(OSError):
            connection.recv(65536)
            self._attack(connection, 200, b"<x/>" * 100)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):  # closing with a part of the request unread would take the answer away
                pass


def asked(attack, ask):
    """The error that `ask` ends with, and how long it took."""
    with closing(Server(attack)) as server:
        endpoint = GaroonEndpoint(url=f"http://127.0.0.1:{server.port}/grn.exe", user="u", password="p")
        with closing(GaroonHttp(endpoint, HandSetClock(), within=WITHIN)) as garoon:
            began = time.monotonic()
            with pytest.raises(LabError) as caught:
                ask(garoon)
            return caught.value, time.monotonic() - began


@pytest.mark.parametrize(
    "attack",
    [attacks.drip_body, attacks.drip_head, attacks.drip_chunks, attacks.silent],
    ids=lambda each: each.__name__,
)
def test_a_slow_garoon_cannot_stretch_a_request(attack):
    error, took = asked(attack, GaroonHttp.log_in)
    assert isinstance(error, HostUnreachable)
    assert "did not finish its answer in time" in str(error)
    assert took < WITHIN.total_seconds() + 0.5


def test_a_slow_answer_to_a_change_leaves_open_what_happened():
    error, took = asked(attacks.drip_body, lambda garoon: garoon.remove_events([1]))
    assert isinstance(error, ConnectionLost)
    assert took < WITHIN.total_seconds() + 0.5


@pytest.mark.parametrize(
    "attack",
    [attacks.announces_much, attacks.sends_much_unannounced, attacks.sends_an_endless_chunk_line, attacks.gzip_bomb],
    ids=lambda each: each.__name__,
)
def test_a_flood_or_a_bomb_is_refused_in_little_memory(attack):
    tracemalloc.start()
    try:
        error, _ = asked(attack, GaroonHttp.log_in)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(error, AnswerUnreadable | HostUnreachable)
    assert peak < 64 << 20


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status):
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.2)
        target = f"http://localhost:{elsewhere.getsockname()[1]}/steal"
        error, _ = asked(attacks.redirect(status, target), GaroonHttp.log_in)
        assert f"answered with {status}" in str(error)
        with pytest.raises(TimeoutError):
            elsewhere.accept()


def test_endless_nesting_is_refused():
    error, _ = asked(attacks.nested, GaroonHttp.log_in)
    assert "no SOAP" in str(error)
