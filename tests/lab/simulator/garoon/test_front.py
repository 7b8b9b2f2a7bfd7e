import contextlib
import socket
import threading

import pytest

from lab.simulator.garoon.exchange import ApplicationClosed, GuestSilent, Response
from lab.simulator.garoon.front import GIVES_UP_AFTER, WebFront
from tests.garoon_stand import Hurried

GET = b"GET /x HTTP/1.1\r\nHost: cybozu.ca.com\r\n\r\n"


class Answers:
    def __init__(self, text):
        self.text = text

    def answer(self, request):
        return Response(body=f"{self.text} {request.method} {request.path} {request.query} ".encode() + request.body)


class Gone:
    def answer(self, request):
        raise ApplicationClosed


class Silent:
    def answer(self, request):
        raise GuestSilent


class Visitor:
    """Has gone once its connection is cut."""

    def __init__(self):
        self.waits = threading.Event()
        self.gone = threading.Event()
        self.wait, self.join = self.waits.set, self.gone.wait


@pytest.fixture
def patience():
    return Hurried()


@pytest.fixture
def front(patience):
    with contextlib.closing(WebFront(patience)) as front:
        yield front


def connect(front):
    return socket.create_connection(("127.0.0.1", front.port), timeout=5)


def exchange(connection, request=GET):
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(4096)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = int(next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length")).split(b":")[1])
    while len(body) < length:
        body += connection.recv(4096)
    return head, body


def test_connections_are_refused_until_a_guest_answers(front):
    with pytest.raises(ConnectionRefusedError):
        connect(front)


def test_it_can_be_refused_and_answered_again_on_the_same_port(front):
    port = front.port
    for turn in range(20):
        front.point_at(Answers(f"turn {turn}"))
        with connect(front) as connection:
            assert exchange(connection)[1].startswith(f"turn {turn} ".encode())
        front.point_at(None)
        with pytest.raises(ConnectionRefusedError):
            connect(front)
    assert front.port == port


def test_the_port_stays_reserved_while_no_guest_answers(front):
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", front.port))


def test_a_connection_is_kept_alive_and_carries_method_path_query_and_body(front):
    front.point_at(Answers("here"))
    with connect(front) as connection:
        exchange(connection)
        post = b"POST /a%20b?c=d HTTP/1.1\r\nHost: LOCALHOST:99\r\nContent-Length: 3\r\n\r\nxyz"
        assert exchange(connection, post)[1] == b"here POST /a b c=d xyz"


@pytest.mark.parametrize("successor", [None, Answers("other")])
def test_kept_connections_are_cut_when_their_application_goes(front, successor):
    front.point_at(Answers("here"))
    with connect(front) as connection:
        exchange(connection)
        front.point_at(successor)
        assert connection.recv(10) == b""


def test_pointing_at_the_same_application_cuts_nothing(front):
    application = Answers("here")
    front.point_at(application)
    with connect(front) as connection:
        exchange(connection)
        front.point_at(application)
        assert exchange(connection)[1].startswith(b"here")


def test_an_application_that_closes_gives_no_answer_at_all(front):
    front.point_at(Gone())
    with connect(front) as connection:
        connection.sendall(GET)
        assert connection.recv(10) == b""


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n", b"413"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1_0\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: \xd9\xa3\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length:\r\n\r\n", b"400"),
        (b"GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", b"411"),
    ],
)
def test_requests_that_no_visitor_sends_are_refused(front, request_head, status):
    front.point_at(Answers("here"))
    with connect(front) as connection:
        head, body = exchange(connection, request_head)
    assert head.startswith(b"HTTP/1.1 " + status)
    assert b"SIMULATED" in body


def test_a_silent_guest_keeps_the_drill_waiting_on_the_labs_clock_and_then_lets_it_go(front, patience):
    front.point_at(Silent())
    with connect(front) as connection:
        connection.sendall(GET)
        assert connection.recv(4096) == b""
    assert patience.spent == [GIVES_UP_AFTER]


def test_a_silent_guest_leaves_other_visitors_unanswered_until_it_goes_down(front, patience):
    patience.visitor = visitor = Visitor()
    front.point_at(Silent())
    with connect(front) as connection:
        connection.sendall(GET)
        assert visitor.waits.wait(5)
        down = threading.Thread(target=front.point_at, args=(None,))
        down.start()
        assert connection.recv(4096) == b""
        assert down.is_alive(), "the visitor is seen off first"
        visitor.gone.set()
        down.join(5)
    assert (down.is_alive(), patience.spent) == (False, [])
