"""Time-stamps of real records, from an authority made for the test; what proves nothing is refused in one sentence."""

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from journal.seal import STAMP, UNSTAMPED
from journal.verification import Mark
from kunren.exits import Exit, Stop
from kunren.records.stamping import roots_in, sealed_content, stamp_into, stamped
from kunren.records.verify import verify
from lab.model.endpoints import StampAuthority
from lab.model.signing import PrivateKey
from tests.kunren.sealed import REAL, offline, restored, write_record
from tests.lab.tls_premises import DAY, Certificate, dt


class Authority:
    """Answers over http with stamps; an empty `answer` makes it answer rightly."""

    def __init__(self, folder):
        self.root = Certificate(folder, "root", authority=True)
        key = rsa.generate_private_key(65537, 2048)
        now = dt.datetime.now(dt.UTC)
        built = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Test TSA")]))
            .issuer_name(self.root.certificate.subject)
            .public_key(key.public_key())
            .serial_number(7)
            .not_valid_before(now - DAY)
            .not_valid_after(now + DAY)
            .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .sign(self.root.key, hashes.SHA256())
        )
        der = serialization.Encoding.DER
        plain = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        certificate = asn1_x509.Certificate.load(built.public_bytes(der))
        self._stamper = DummyTimeStamper(certificate, keys.PrivateKeyInfo.load(plain))
        self.answer = b""

    def answer_to(self, request):
        return self.answer or self._stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    found = Authority(tmp_path_factory.mktemp("tsa"))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            answer = found.answer_to(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}/"
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield found
        server.shutdown()
        serving.join()


@pytest.fixture(scope="module")
def kept(authority, tmp_path_factory):
    """A real record whose seal is stamped."""
    folder = tmp_path_factory.mktemp("real")
    write_record(folder, *REAL, key=PrivateKey.new())
    assert stamp_into(folder, (STAMP, UNSTAMPED), sealed_content(folder), asked(authority)) is None
    return folder


def asked(authority, root=None):
    return StampAuthority(url=authority.url, roots=str((root or authority.root).file))


def found_in(folder, *roots, simulated=False):
    [found] = stamped(folder, [each.certificate for each in roots], simulated=simulated)
    return found.mark, found.told.in_("en")


def test_a_stamped_seal_says_when_and_by_whom_as_openssl_does(kept, authority):
    mark, told = found_in(kept, authority.root)
    assert mark is Mark.PROVEN
    assert "seal.tsr: time-stamped at 20" in told
    assert "CN=Test TSA" in told
    (kept.parent / "both").write_bytes(sealed_content(kept))
    by_hand = ["openssl", "ts", "-verify", "-CAfile", authority.root.file, "-in", kept / STAMP]
    subprocess.run([*by_hand, "-data", kept.parent / "both"], check=True, capture_output=True)
    assert any(each.told.in_("en") == told for each in verify(kept, None, authority.root.file).findings)
    code, printed = offline()(kept)
    assert (code, "?        time-stamped: seal.tsr is not checked here" in printed) == (4, True)


def test_broken_foreign_untrusted_and_mismatched_stamps_are_not_verified(kept, authority, tmp_path):
    other = Certificate(tmp_path, "other", authority=True)
    assert found_in(kept)[0] is Mark.UNKNOWN
    mark, told = found_in(kept, other)
    assert (mark, "none of the trusted certificates" in told) == (Mark.UNKNOWN, True)
    whole = (kept / STAMP).read_bytes()
    spoilt = restored(kept, tmp_path / "spoilt")
    for content, why in (
        (b"", "not a time-stamp"),
        (whole[:-9], "not a time-stamp"),
        (whole[:-1] + bytes([whole[-1] ^ 1]), "signature is not valid"),
        (b"0" * 70_000, "not a time-stamp"),
    ):
        (spoilt / STAMP).write_bytes(content)
        mark, told = found_in(spoilt, authority.root)
        assert (mark, why in told) == (Mark.ALTERED, True), told
    (spoilt / STAMP).write_bytes(whole)
    (spoilt / "seal.sig").write_bytes(bytes(64))
    assert found_in(spoilt, authority.root) == (
        Mark.ALTERED,
        "seal.tsr proves nothing: it is the time-stamp of something else.",
    )
    assert found_in(kept, authority.root, simulated=True)[0] is Mark.ALTERED
    with pytest.raises(Stop) as stop:
        roots_in(kept / "seal.json")
    assert stop.value.code is Exit.USAGE


def test_an_authority_that_fails_is_told_and_the_record_says_why(kept, authority, tmp_path, monkeypatch):
    record = restored(kept, tmp_path / "record")
    (record / STAMP).unlink()
    monkeypatch.setattr(authority, "answer", (kept / STAMP).read_bytes())
    told = stamp_into(record, (STAMP, UNSTAMPED), b"another", asked(authority))
    assert "it is the time-stamp of something else" in told.in_("en")
    assert not (record / STAMP).exists()
    mark, said = found_in(record, authority.root)
    assert (mark, said.startswith("Not time-stamped, because: There is no seal.tsr")) == (Mark.TOLD, True)
    gone = StampAuthority(url="http://127.0.0.1:9/", roots=str(authority.root.file))
    assert "did not answer" in stamp_into(record, (STAMP, UNSTAMPED), b"a", gone).in_("en")
