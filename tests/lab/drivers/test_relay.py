"""The relay between a browser and a guest, with the guest's answers written down."""

import http.client
import threading

import pytest

from lab.drivers.relay import GuestRelay
from lab.errors import ScriptFailed
from words import Quoted

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Guest:
    """Answers every request with `answer`, or fails with it."""

    def __init__(self, answer=PAGE):
        self.answer = answer
        self.asked = []

    def exchange(self, port, request):
        self.asked.append((port, request))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def guest():
    return Guest()


@pytest.fixture
def visit(guest):
    relay = GuestRelay(guest)
    host, _, port = relay.address.partition(":")

    def ask(method="GET", path="/", **request):
        connection = http.client.HTTPConnection(host, int(port), timeout=10)
        connection.request(method, path, **request)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, answer.getheaders(), body

    yield ask
    relay.close()


def test_a_request_goes_on_as_it_is_but_for_its_connection(visit, guest):
    headers = {"Host": "localhost", "Cookie": "CBSESSID=x", "Connection": "keep-alive", "Accept-Language": "ja"}
    visit("POST", "/scripts/grn.exe/index?a=%E8%AA%9E", body=b"_account=x", headers=headers)
    [(port, request)] = guest.asked
    assert (port, request.method, request.path, request.body) == (
        80,
        "POST",
        "/scripts/grn.exe/index?a=%E8%AA%9E",
        b"_account=x",
    )
    lines = request.header.split("\r\n")
    assert lines.pop() == ""
    assert {"Host: localhost", "Cookie: CBSESSID=x", "Accept-Language: ja", "Connection: close"} <= set(lines)
    assert "Content-Length: 10" in lines
    assert "Connection: keep-alive" not in lines


def test_cookies_come_back_one_by_one_and_redirects_are_the_browsers_to_follow(visit, guest):
    guest.answer = (
        b"HTTP/1.1 302 Found\r\nLocation: /portal\r\nSet-Cookie: a=1; expires=Wed, 26 Sep 2012 00:00:00 GMT\r\n"
        b"Set-Cookie: b=2\r\nConnection: close\r\n\r\n"
    )
    status, headers, body = visit()
    assert (status, body) == (302, b"")
    assert [value for name, value in headers if name == "Set-Cookie"] == [
        "a=1; expires=Wed, 26 Sep 2012 00:00:00 GMT",
        "b=2",
    ]
    assert ("Location", "/portal") in headers


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        b"HTTP/1.0 500 Oops\r\n\r\nabcde",
    ],
)
def test_however_the_guest_told_the_length_the_body_is_whole_and_a_500_is_an_answer(visit, guest, answer):
    guest.answer = answer
    status, headers, body = visit()
    assert (status, body) == (500, b"abcde")
    assert ("Content-Length", "5") in headers


def test_bytes_stay_what_they_are(visit, guest):
    content = bytes(range(256)) * 40
    guest.answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)
    assert visit()[2] == content


def test_a_refused_guest_is_a_502_with_the_reason_and_the_relay_lives_on(visit, guest):
    guest.answer = ScriptFailed(Quoted("REPLICA: The credential is invalid."), error_id="PSSessionStateBroken")
    status, _, body = visit()
    assert (status, body) == (502, b"Kunren's relay: REPLICA: The credential is invalid.\n")
    guest.answer = PAGE
    assert visit()[0] == 200


@pytest.mark.parametrize(
    "nonsense", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"]
)
def test_an_answer_that_is_not_http_is_a_502(visit, guest, nonsense):
    guest.answer = nonsense
    assert visit()[0] == 502


def test_a_head_has_no_body(visit, guest):
    guest.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    assert visit("HEAD")[::2] == (200, b"")


def test_a_body_too_large_is_not_carried(visit, guest):
    status, _, _ = visit("POST", headers={"Content-Length": str(2 << 20)})
    assert status == 413
    assert guest.asked == []


@pytest.mark.parametrize("length", ["9" * 5000, "1_0", "-1", "x", ""])
def test_an_invalid_length_is_refused_and_the_guest_is_not_asked(visit, guest, length):
    status, _, body = visit("POST", headers={"Content-Length": length})
    assert status == 400
    assert b"not a number of bytes" in body
    assert guest.asked == []


def test_several_requests_are_under_way_at_once():
    together = threading.Barrier(3, timeout=10)

    class Slow(Guest):
        def exchange(self, port, request):
            together.wait()
            return super().exchange(port, request)

    relay = GuestRelay(Slow())
    found = []

    def ask():
        connection = http.client.HTTPConnection(relay.address, timeout=10)
        connection.request("GET", "/")
        found.append(connection.getresponse().status)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    relay.close()
    assert found == [200, 200, 200]
