"""Why TLS did not come about is said with the key of the site file that mends it: hosts, Garoon, and probes."""

import ssl
import warnings
from contextlib import closing
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from lab.drivers.garoon.http import GaroonHttp
from lab.drivers.http_connection import HttpConnection
from lab.errors import HostUnreachable
from lab.model.endpoints import Authentication
from lab.model.probing import Result
from lab.model.scripts import ScriptCall
from lab.probes.hosts import WinRmProbe
from tests.garoon_stand import Stand
from tests.lab.site.test_file import changed, complaint
from tests.lab.test_logins import OfLookers
from tests.lab.tls_premises import Certificate, TlsFront
from tests.lab.winrm_premises import Host

QUESTION = ScriptCall("Get-Machine")
MINUTE = timedelta(minutes=1)
NAME = "cybozu.ca.com"


@pytest.fixture
def authority(tmp_path):
    return Certificate(tmp_path, "our-authority", authority=True)


@pytest.fixture
def other(tmp_path):
    return Certificate(tmp_path, "another-authority", authority=True)


@pytest.fixture
def host():
    def answer(request, say, _console):
        say(output=[1])

    with closing(Host(answer, allow_unencrypted=True)) as host:
        yield host


@pytest.fixture
def stand(tmp_path):
    folder = tmp_path / "guest"
    folder.mkdir()
    with closing(Stand(folder)) as stand:
        yield stand


def too_old(certificate):
    context = certificate.server_context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1_1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


TROUBLES = {
    "self-signed": ("is self-signed", "{table}.certificate_authority"),
    "another authority": ("signed by an authority that is not known here", "{table}.certificate_authority"),
    "wrong PEM": ("another-authority.pem of {table}.certificate_authority is not its authority", ""),
    "other name": ("its certificate is for another name", "write the name in the certificate in {table}.{address}"),
    "expired": ("its certificate has expired", "have the certificate renewed"),
    "not yet valid": ("its certificate is not valid yet", "set this machine's clock"),
    "plain http": ("speaks plain http at an https address", "{table}.{address}"),
    "too old": ("it offers only TLS that is too old", "enable TLS 1.2"),
}


@pytest.fixture(params=TROUBLES)
def trouble(request, tmp_path, authority, other):
    """Which, the server's TLS (None: none), and the PEM file that the site names."""
    names = ("localhost", NAME)
    made = {
        "self-signed": lambda: (Certificate(tmp_path, "alone", *names).server_context(), ""),
        "another authority": lambda: (Certificate(tmp_path, "x", *names, issuer=authority).server_context(), ""),
        "wrong PEM": lambda: (Certificate(tmp_path, "x", *names, issuer=authority).server_context(), other.file),
        "other name": lambda: (
            Certificate(tmp_path, "x", "elsewhere", issuer=authority).server_context(),
            authority.file,
        ),
        "expired": lambda: (
            Certificate(tmp_path, "x", *names, issuer=authority, begins=-9, ends=-2).server_context(),
            authority.file,
        ),
        "not yet valid": lambda: (
            Certificate(tmp_path, "x", *names, issuer=authority, begins=5).server_context(),
            authority.file,
        ),
        "plain http": lambda: (None, authority.file),
        "too old": lambda: (too_old(Certificate(tmp_path, "x", *names, issuer=authority)), authority.file),
    }
    context, pem = made[request.param]()
    return request.param, context, str(pem)


def said(name, table, address):
    return [part.format(table=table, address=address) for part in TROUBLES[name]]


def test_a_host_behind_bad_tls_is_told_with_its_cause_and_key(host, trouble):
    name, context, pem = trouble
    front = TlsFront(context, host.listener.port) if context else None
    port = front.port if front else host.listener.port
    session = host.session(
        url=f"https://localhost:{port}/wsman",
        authentication=Authentication.BASIC,
        certificate_authority=pem,
        table="hosts.master",
    )
    with pytest.raises(HostUnreachable) as caught:
        session.run(QUESTION, within=MINUTE)
    sentence = str(caught.value)
    assert sentence.startswith(f"MASTER answers at https://localhost:{port}/wsman, but ")
    assert all(part in sentence for part in said(name, "hosts.master", "winrm")), sentence
    if front:
        front.close()


def test_garoon_behind_bad_tls_is_told_with_its_cause_and_key(stand, trouble):
    name, context, pem = trouble
    front = TlsFront(context, stand.front.port) if context else None
    port = front.port if front else stand.front.port
    endpoint = stand.endpoint(
        url=f"https://{NAME}/scripts/cbgrn/grn.exe", connect=f"127.0.0.1:{port}", certificate_authority=pem
    )
    visit = closing(GaroonHttp(endpoint, stand.clock, within=timedelta(seconds=10)))
    with visit as garoon, pytest.raises(HostUnreachable) as caught:
        garoon.log_in()
    assert str(caught.value).startswith(f"Garoon answers at https://{NAME}/scripts/cbgrn/grn.exe, but ")
    assert all(part in str(caught.value) for part in said(name, "garoon", "url")), str(caught.value)
    if front:
        front.close()


@pytest.mark.parametrize("authentication", [Authentication.BASIC, Authentication.NTLM])
def test_with_the_right_authority_a_host_is_used_over_tls(host, tmp_path, authority, authentication):
    issued = Certificate(tmp_path, "x", "localhost", issuer=authority)
    with closing(TlsFront(issued.server_context(), host.listener.port)) as front:
        endpoint = {"url": f"https://localhost:{front.port}/wsman", "certificate_authority": str(authority.file)}
        session = host.session(authentication=authentication, **endpoint)
        assert session.run(QUESTION, within=MINUTE).value == (1,)
        session.close()
        look = WinRmProbe(host.endpoint(**endpoint)).take(1, OfLookers())
        assert look.result is Result.OK


def test_a_self_signed_certificate_is_trusted_when_the_site_names_it(host, tmp_path):
    alone = Certificate(tmp_path, "alone", "localhost", authority=True)
    with closing(TlsFront(alone.server_context(), host.listener.port)) as front:
        session = host.session(
            url=f"https://localhost:{front.port}/wsman",
            authentication=Authentication.BASIC,
            certificate_authority=str(alone.file),
        )
        assert session.run(QUESTION, within=MINUTE).value == (1,)
        session.close()


def test_with_the_right_authority_garoon_is_used_over_tls(stand, tmp_path, authority):
    issued = Certificate(tmp_path, "x", NAME, issuer=authority)
    with closing(TlsFront(issued.server_context(), stand.front.port)) as front:
        endpoint = stand.endpoint(
            url=f"https://{NAME}/scripts/cbgrn/grn.exe",
            connect=f"127.0.0.1:{front.port}",
            certificate_authority=str(authority.file),
        )
        with closing(GaroonHttp(endpoint, stand.clock)) as garoon:
            assert all(each.sound for each in garoon.examine())
        with HttpConnection(endpoint.url, connect=endpoint.connect, authority=endpoint.certificate_authority) as line:
            assert line.ask("GET", urlsplit(endpoint.url).path, headers={}).status == 200


@pytest.mark.parametrize(
    "content", [b"", b"not PEM", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
@pytest.mark.parametrize("table", ["hosts.master", "garoon"])
def test_a_file_without_a_certificate_is_refused_with_its_key(tmp_path, content, table):
    (tmp_path / "bad.pem").write_bytes(content)
    file = changed(tmp_path, f"[{table}]", f'[{table}]\ncertificate_authority = "bad.pem"')
    assert f"{table}.certificate_authority names bad.pem, which holds no certificate in PEM form" in complaint(file)
