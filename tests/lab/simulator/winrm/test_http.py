"""The listener's HTTP: status codes, and that nothing a client sends brings it down."""

from __future__ import annotations

import base64
import http.client
import socket
import xml.etree.ElementTree as ET

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.lab.simulator.winrm.envelopes import CREATE, IDENTIFY, SHELL, SHELL_BODY, request
from tests.lab.simulator.winrm.winrm_stand import ASCII_ACCOUNT, session

LOGIN = (ASCII_ACCOUNT.user, ASCII_ACCOUNT.password)
SOAP = {"Content-Type": "application/soap+xml;charset=UTF-8"}


@pytest.fixture
def plain(opened):
    """A host that takes Basic and unsealed envelopes, so that raw requests reach it."""
    return opened(account=ASCII_ACCOUNT, allow_unencrypted=True)


def post(host, body, **more):
    return requests.post(host.url, data=body, headers=SOAP, auth=LOGIN, timeout=10, **more)


def fault_code(response) -> int:
    fault = ET.fromstring(response.content).find(".//{http://schemas.microsoft.com/wbem/wsman/1/wsmanfault}WSManFault")
    return int(fault.get("Code"))


def related(response) -> str | None:
    return ET.fromstring(response.content).findtext(".//{http://schemas.xmlsoap.org/ws/2004/08/addressing}RelatesTo")


def test_without_a_login_the_host_says_what_it_takes(listener, plain):
    assert requests.post(listener.url, timeout=10).headers["WWW-Authenticate"] == "Negotiate"
    offered = requests.post(plain.url, timeout=10)
    assert (offered.status_code, offered.headers["WWW-Authenticate"]) == (401, 'Negotiate, Basic realm="WSMAN"')


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_other_methods_than_post_are_405(plain, method):
    assert requests.request(method, plain.url, timeout=10).status_code == 405


def test_another_path_is_404(plain):
    assert requests.post(plain.url.replace("/wsman", "/owa"), auth=LOGIN, timeout=10).status_code == 404


def test_the_path_may_carry_a_query(plain):
    assert requests.post(plain.url + "?PSVersion=5.1", auth=LOGIN, timeout=10).status_code == 200


def test_identify_names_the_product(plain):
    response = post(plain, IDENTIFY.encode())
    assert (response.status_code, b"Microsoft Corporation" in response.content) == (200, True)


def test_the_answer_relates_to_the_message_as_it_was_sent(plain):
    response = post(plain, request(CREATE, SHELL_BODY, message="uuid:MiXed-訓練"))
    assert (response.status_code, related(response)) == (200, "uuid:MiXed-訓練")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<<<", 2150858819),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', 2150858819),
        (request("http://x/Dance", "", message="uuid:7"), 2150858801),
        (request(CREATE, SHELL_BODY, resource="http://x/nothing", message="uuid:7"), 2150858811),
        (request(f"{SHELL}/Command", "<rsp:CommandLine/>", shell="NO-SUCH", message="uuid:7"), 2150858843),
        (request(f"{SHELL}/Send", "<rsp:Send><rsp:Stream>*</rsp:Stream></rsp:Send>", message="uuid:7"), 2150858810),
    ],
)
def test_a_wrong_request_is_answered_with_the_fault_windows_gives(plain, body, code):
    response = post(plain, body)
    assert (response.status_code, fault_code(response)) == (500, code)
    assert related(response) == ("uuid:7" if b"uuid:7" in body else None)


def test_a_body_beyond_the_limit_is_not_even_read(plain):
    connection = http.client.HTTPConnection("127.0.0.1", plain.port, timeout=10)
    connection.putrequest("POST", "/wsman")
    connection.putheader("Content-Length", str(10**12))
    connection.endheaders()
    response = connection.getresponse()
    assert (response.status, response.getheader("Connection")) == (413, "close")
    connection.close()


@pytest.mark.parametrize(
    ("header", "status"),
    [("Content-Length: -1", 400), ("Content-Length: ten", 400), ("Transfer-Encoding: chunked", 411), ("X: y", 411)],
)
def test_a_body_of_unknown_length_is_refused(plain, header, status):
    with socket.create_connection(("127.0.0.1", plain.port), timeout=10) as connection:
        connection.sendall(f"POST /wsman HTTP/1.1\r\nHost: h\r\n{header}\r\n\r\n".encode())
        assert connection.recv(12) == f"HTTP/1.1 {status}".encode()


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Negotiate",
        "Negotiate ***",
        "Negotiate AAAA",
        "Kerberos AAAA",
        "Basic AAAA",
        "Basic ÿ",
        "Negotiate " + base64.b64encode(b"NTLMSSP\0\x03\0\0\0").decode(),
        "NTLM " + base64.b64encode(b"NTLMSSP\0\x01").decode(),
        "NTLM " + base64.b64encode(b"NTLMSSP\0\x01\0\0\0" + b"\xff" * 40).decode(),
    ],
)
def test_a_login_that_is_none_is_401(plain, authorization):
    headers = {"Authorization": authorization.encode("latin-1")}
    assert requests.post(plain.url, headers=headers, timeout=10).status_code == 401


@pytest.mark.parametrize("body", [b"x", b"--Encrypted Boundary\r\n", b"--Encrypted Boundary--\r\n" * 3])
def test_a_seal_that_is_none_is_400(plain, body):
    headers = {"Content-Type": 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted"'}
    assert requests.post(plain.url, data=body, headers=headers, auth=LOGIN, timeout=10).status_code == 400


def test_connections_are_kept_alive(plain):
    with requests.Session() as client:
        client.auth = LOGIN
        for _ in range(3):
            assert client.post(plain.url, data=IDENTIFY.encode(), headers=SOAP, timeout=10).status_code == 200
        (pool,) = client.get_adapter(plain.url).poolmanager.pools._container.values()
        assert (pool.num_connections, pool.num_requests) == (1, 3)


def test_a_login_holds_for_its_own_connection_only(listener):
    client = session(listener)
    assert client.run_cmd("hostname").status_code == 0
    assert requests.post(listener.url, data=b"x", timeout=10).status_code == 401


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300), sealed=st.booleans())
def test_no_body_brings_the_listener_down(plain, data, sealed):
    headers = {"Content-Type": 'multipart/encrypted;boundary="Encrypted Boundary"'} if sealed else SOAP
    status = requests.post(plain.url, data=data, headers=headers, auth=LOGIN, timeout=10).status_code
    assert status == (200 if not data else 400 if sealed else 500)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_no_first_bytes_bring_the_listener_down(plain, data):
    with socket.create_connection(("127.0.0.1", plain.port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(4096):
            pass
    assert requests.post(plain.url, timeout=10).status_code == 401


def test_a_client_that_hangs_up_in_the_middle_does_no_harm(plain):
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", plain.port), timeout=10) as connection:
            connection.sendall(b"POST /wsman HTTP/1.1\r\nContent-Length: 1000\r\n\r\nhalf")
    assert post(plain, IDENTIFY.encode()).status_code == 200
