"""Where something else answers at the port of a host or of Garoon, or nothing, the reader is told so in Japanese."""

import re
import socket
import threading
from contextlib import closing, contextmanager, suppress

import pytest

from lab.clock import SystemClock
from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.windows import WindowsHost
from lab.drivers.winrm.session import WinRmSession
from lab.errors import LabError
from lab.model.endpoints import Endpoint, GaroonEndpoint
from lab.model.limits import Limits
from lab.names import addresses
from lab.site.profile import load_profile

PAGE = b"<html><title>Welcome</title></html>"
REFUSED, CLOSED = "接続が拒否されました", "接続が閉じられました"
NO_HTTP, NO_WINRM = (f"{what} の応答ではありません（ポートを確認してください）" for what in ("HTTP", "WinRM"))
NO_WSDL = "ステータス 200。ガルーンの WSDL ではなくページ「Welcome」"


@contextmanager
def service(answer):
    """The port of a service that says `answer` to whatever it is asked; of none, where that is None."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        if answer is not None:
            threading.Thread(target=serve, args=(listening, answer), daemon=True).start()
            yield port
            listening.shutdown(socket.SHUT_RDWR)
    if answer is None:
        yield port


def serve(listening, answer):
    with suppress(OSError):
        while True:
            connection, _ = listening.accept()
            with connection:
                read_request(connection)
                connection.sendall(answer)


def read_request(connection):
    """To its end: what is left unread when a connection is closed resets it, and takes the answer along."""
    asked = b""
    while b"\r\n\r\n" not in asked and (part := connection.recv(65536)):
        asked += part
    head, _, body = asked.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
    left = int(length[1]) - len(body) if length else 0
    while left > 0 and (part := connection.recv(left)):
        left -= len(part)


def of_http(status, body=b"", more=b""):
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), more, body)


@pytest.mark.parametrize(
    ("answer", "of_winrm", "of_garoon"),
    [
        (None, REFUSED, REFUSED),
        (b"", CLOSED, CLOSED),
        (b"\x00\x9b2J\x1b rubbish\r\n\r\n", NO_HTTP, NO_HTTP),
        (of_http(b"200 OK", PAGE), NO_WINRM, NO_WSDL),
        (of_http(b"302 Found", more=b"Location: /other\r\n"), "へリダイレクトします", "302（移動先 /other）"),
        (
            of_http(b"503 Unavailable"),
            "HTTP ステータス 503",
            "ステータス 503。ガルーンの WSDL ではなく題名のないページ",
        ),
    ],
)
def test_another_service_is_told_for_what_it_is(answer, of_winrm, of_garoon):
    clock = SystemClock()
    with service(answer) as port:
        endpoint = Endpoint(
            host="MASTER", url=f"http://127.0.0.1:{port}/wsman", user="u", password="p", table="hosts.master"
        )
        with closing(WinRmSession(endpoint, clock=clock, wall=clock)) as session, pytest.raises(LabError) as caught:
            WindowsHost(session, load_profile("arcserve_rha").event_log, Limits()).facts()
        with closing(
            GaroonHttp(GaroonEndpoint(url=f"http://127.0.0.1:{port}/g", user="u", password="p"), clock)
        ) as garoon:
            [found] = garoon.examine()
    assert of_winrm in caught.value.in_("ja")
    assert not found.sound
    assert of_garoon in found.seen.in_("ja")


def test_a_name_that_is_not_known_is_told_in_the_language_of_the_reader():
    with pytest.raises(LabError) as caught:
        addresses("kunren.invalid")
    assert caught.value.in_("ja").startswith("kunren.invalid はこのコンピューターで名前解決できません")
    for name in ("kunren.invalid", f"{'a' * 64}.invalid"):
        endpoint = GaroonEndpoint(url=f"http://{name}/g", user="u", password="p")
        with closing(GaroonHttp(endpoint, SystemClock())) as garoon:
            [found] = garoon.examine()
        assert "名前を解決できません" in found.seen.in_("ja")


def test_a_service_that_asks_for_no_login_is_sent_no_script():
    received = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        endpoint = Endpoint(
            host="MASTER", url=f"http://127.0.0.1:{port}/wsman", user="u", password="p", table="hosts.master"
        )

        def serve_kept():
            connection, _ = listening.accept()
            with connection:
                while asked := connection.recv(1 << 16):
                    received.append(asked)
                    connection.sendall(of_http(b"200 OK", PAGE))

        threading.Thread(target=serve_kept, daemon=True).start()
        clock = SystemClock()
        with closing(WinRmSession(endpoint, clock=clock, wall=clock)) as session, pytest.raises(LabError):
            WindowsHost(session, load_profile("arcserve_rha").event_log, Limits()).facts()
    assert [asked.partition(b"\r\n\r\n")[2] for asked in received] == [b""]
