import http.client
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.drivers.http_answer import read_body, read_head, written


def read(*lines, body=b"", **more):
    file = io.BytesIO("".join(f"{line}\r\n" for line in (*lines, "")).encode("latin-1") + body)
    head = read_head(file)
    return head, read_body(file, head, **more), file.read()


def test_a_body_ends_at_its_stated_length():
    head, body, rest = read("HTTP/1.1 200 OK", "Content-Length: 3", "X-One: a b ", body=b"abcdef")
    assert (head.status, head.closes, body, rest) == (200, False, b"abc", b"def")
    assert head.headers.pairs == (("content-length", "3"), ("x-one", "a b"))


def test_a_body_in_chunks_ends_with_its_trailer():
    sent = b"3;x=y\r\nabc\r\n0A\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\nnext"
    assert read("HTTP/1.1 200 OK", "Transfer-Encoding: Chunked", body=sent)[1:] == (b"abc0123456789", b"next")


def test_a_body_of_no_length_ends_with_the_connection():
    assert read("HTTP/1.1 200 OK", "Connection: close", body=b"all of it")[1] == b"all of it"


@pytest.mark.parametrize("status", [204, 304])
def test_some_answers_have_no_body(status):
    assert read(f"HTTP/1.1 {status} -", "Content-Length: 3", body=b"abc")[1:] == (b"", b"abc")


@pytest.mark.parametrize("headers", [("Content-Length: 9",), ("Transfer-Encoding: chunked",), ()])
def test_no_more_than_asked_is_read(headers):
    assert read("HTTP/1.1 200 OK", *headers, body=b"9\r\n123456789\r\n0\r\n\r\n", most=4)[1] in {b"1234", b"9\r\n1"}


def test_a_hundred_is_not_the_answer():
    assert read("HTTP/1.1 100 Continue", "", "HTTP/1.1 401 -", "Content-Length: 0")[0].status == 401


@pytest.mark.parametrize(
    ("first", "header", "closes"),
    [
        ("HTTP/1.1 200 OK", "Connection: Close", True),
        ("HTTP/1.1 200", "A: b", False),
        ("HTTP/1.0 200 OK", "A: b", True),
        ("HTTP/1.0 200 OK", "Connection: Keep-Alive", False),
    ],
)
def test_either_side_may_keep_the_connection(first, header, closes):
    assert read(first, header, "Content-Length: 0")[0].closes is closes


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (b"", http.client.RemoteDisconnected),
        (b"\r\n", http.client.BadStatusLine),
        (b"SSH-2.0-x\r\n", http.client.BadStatusLine),
        (b"HTTP/1.1 OK\r\n\r\n", http.client.BadStatusLine),
        (b"HTTP/1.1 99 -\r\n\r\n", http.client.BadStatusLine),
        (b"HTTP/2 200\r\n\r\n", http.client.UnknownProtocol),
        (b"HTTP/1.1 200 " + b"x" * 70_000, http.client.LineTooLong),
        (b"HTTP/1.1 200 OK\r\nA: " + b"x" * 70_000, http.client.LineTooLong),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 101, http.client.HTTPException),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", http.client.IncompleteRead),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", http.client.IncompleteRead),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc", http.client.IncompleteRead),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nabc", http.client.IncompleteRead),
    ],
)
def test_what_is_no_answer_is_refused(sent, error):
    file = io.BytesIO(sent)
    with pytest.raises(error):
        read_body(file, read_head(file))


def test_folded_headers_are_read_as_python_reads_them():
    assert read("HTTP/1.1 200 OK", "A: b", "  c", "Content-Length: 0")[0].headers.get("a") == "b\r\n  c"


class Heard:
    def __init__(self, sent):
        self._sent = sent

    def makefile(self, _mode):
        return io.BytesIO(self._sent)


NAMES = st.sampled_from(["A", "Content-Type", "X-y_z", "Date", "Set-Cookie"])
VALUES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_categories=["Cc"]), max_size=20)


@given(st.lists(st.tuples(NAMES, VALUES)), st.binary(max_size=50), st.booleans())
def test_it_reads_what_python_reads(headers, body, chunked):
    lines = [f"{name}: {value}" for name, value in headers]
    lines.append("Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}")
    content = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + b"0\r\n\r\n" if chunked else body
    sent = "\r\n".join(("HTTP/1.1 200 OK", *lines, "", "")).encode("latin-1") + content
    theirs = http.client.HTTPResponse(Heard(sent))
    theirs.begin()
    file = io.BytesIO(sent)
    head = read_head(file)
    assert [(name.lower(), value.strip()) for name, value in theirs.getheaders()] == [
        (name, value.strip()) for name, value in head.headers.pairs
    ]
    assert theirs.read() == read_body(file, head) == body


def test_a_request_states_the_length_of_its_body():
    assert (
        written("POST", "/a?b", {"Host": "h"}, b"xy") == b"POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nxy"
    )
    assert written("GET", "/", {"A": "é"}) == b"GET / HTTP/1.1\r\nA: \xe9\r\n\r\n"


def test_a_target_is_one_word():
    with pytest.raises(http.client.InvalidURL):
        written("GET", "/a HTTP/1.1\r\nX: y", {})
