"""The multipart frame around sealed envelopes, in the spellings of different clients."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator.winrm.sealing import NotSealed, seal, unseal


class Mirror:
    """Seals by turning the bytes over, with a signature of the data's length."""

    def unwrap(self, signature, data):
        if signature != struct.pack("<Q", len(data)) * 2:
            raise NotSealed("the seal is broken")
        return data[::-1]

    def wrap(self, data):
        return struct.pack("<Q", len(data)) * 2, data[::-1], 0


def frame(plain: bytes, *, indent: str, length: int | None = None) -> bytes:
    signature, sealed, _ = Mirror().wrap(plain)
    announced = len(plain) if length is None else length
    head = (
        f"--Encrypted Boundary\r\n{indent}Content-Type: application/HTTP-SPNEGO-session-encrypted\r\n"
        f"{indent}OriginalContent: type=application/soap+xml;charset=UTF-8;Length={announced}\r\n"
        f"--Encrypted Boundary\r\n{indent}Content-Type: application/octet-stream\r\n"
    ).encode()
    return head + struct.pack("<i", len(signature)) + signature + sealed + b"--Encrypted Boundary--\r\n"


@pytest.mark.parametrize("indent", ["\t", "", " "])
def test_header_lines_may_begin_with_a_tab_as_in_python_or_without_as_in_ruby(indent):
    assert unseal(frame(b"<envelope/>", indent=indent), Mirror()) == b"<envelope/>"


@given(st.binary(max_size=200) | st.just(b"--yradnuoB detpyrcnE--"))
def test_what_is_sealed_comes_back_even_when_it_looks_like_the_frame(plain):
    assert unseal(seal(plain, Mirror()), Mirror()) == plain


@pytest.mark.parametrize(
    "body",
    [
        frame(b"plain", indent="\t", length=6),
        frame(b"plain", indent="\t").replace(b"--Encrypted Boundary--\r\n", b""),
        frame(b"plain", indent="\t").replace(b"session-encrypted", b"no-such-protocol"),
        frame(b"plain", indent="\t").replace(struct.pack("<i", 16), struct.pack("<i", 17)),
        frame(b"plain", indent="\t").replace(struct.pack("<i", 16), struct.pack("<i", -1)),
        frame(b"plain", indent="\t").replace(struct.pack("<i", 16), struct.pack("<i", 10**9)),
        frame(b"", indent="\t")[:-45] + b"--Encrypted Boundary--\r\n",
    ],
)
def test_a_frame_that_is_wrong_anywhere_is_not_sealed(body):
    with pytest.raises(NotSealed):
        unseal(body, Mirror())


@given(st.binary(max_size=300))
def test_no_bytes_are_taken_for_a_seal(body):
    with pytest.raises(NotSealed):
        unseal(body, Mirror())
