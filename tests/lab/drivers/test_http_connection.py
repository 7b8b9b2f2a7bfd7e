import select
import socket
import threading
from contextlib import closing

import pytest

from lab.drivers.http_connection import ConnectionCut, HttpConnection
from lab.simulator.garoon.exchange import GuestSilent, Response
from tests.garoon_stand import new_front


class Echo:
    def answer(self, request):
        headers = (("Set-Cookie", "a=1; path=/"), ("Set-Cookie", "b=2"), ("X-Seen", request.headers["host"]))
        return Response(status=201, headers=headers, body=f"{request.method} {request.path} ".encode() + request.body)


class Silent:
    def __init__(self):
        self.asked = threading.Event()

    def answer(self, request):
        self.asked.set()
        raise GuestSilent


class Waiting:
    """A visitor that is not waited for."""

    def wait(self):
        pass

    def join(self):
        pass


@pytest.fixture
def front():
    with closing(new_front()) as front:
        yield front


def line(front):
    return HttpConnection("http://cybozu.ca.com/x", connect=f"127.0.0.1:{front.port}")


def test_it_asks_under_the_name_of_the_url_wherever_it_connects_to(front):
    front.point_at(Echo())
    with line(front) as asking:
        answer = asking.ask("POST", "/x?y", headers={"A": "b"}, body=b"body")
    assert (answer.status, answer.body, answer.headers["x-seen"]) == (201, b"POST /x body", "cybozu.ca.com")
    assert answer.cookies == {"a", "b"}


def test_a_refusal_is_told_as_it_comes(front):
    with line(front) as asking, pytest.raises(ConnectionRefusedError):
        asking.connect()


def test_a_cut_frees_the_thread_that_waits_for_an_answer(front):
    silent = Silent()
    front._patience.visitor = Waiting()
    front.point_at(silent)
    with line(front) as asking:
        cutter = threading.Thread(target=lambda: (silent.asked.wait(5), asking.cut()))
        cutter.start()
        with pytest.raises(ConnectionCut):
            asking.ask("GET", "/", headers={})
        cutter.join(5)


def test_a_line_that_was_cut_before_it_connected_does_not_connect(front):
    front.point_at(Echo())
    with line(front) as asking:
        asking.cut()
        with pytest.raises(ConnectionCut):
            asking.connect()


def full(listener):
    """Fill a backlog of one, and see it full: who knocks now is not answered."""
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    visitor = socket.create_connection(listener.getsockname(), timeout=5)
    assert select.select([listener], [], [], 5)[0], "the visitor has not arrived"
    return visitor


def test_a_connection_that_never_comes_about_is_cut_too():
    """A listener whose backlog is full answers no one who knocks."""
    with socket.socket() as listener, full(listener):
        port = listener.getsockname()[1]
        with HttpConnection(f"http://127.0.0.1:{port}/") as asking:
            ended = []

            def knock():
                try:
                    asking.connect()
                except ConnectionCut as cut:
                    ended.append(cut)

            knocker = threading.Thread(target=knock)
            knocker.start()
            while asking._socket is None:
                threading.Event().wait(0.001)
            asking.cut()
            knocker.join(5)
            assert not knocker.is_alive()
            assert len(ended) == 1
