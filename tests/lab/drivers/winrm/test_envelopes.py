"""The envelopes of questions are pywinrm's own, and answers are read as pywinrm reads them."""

import re
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from winrm.protocol import Protocol

from lab.drivers.winrm import envelopes
from lab.drivers.winrm.envelopes import SHELL, Received
from lab.plain_xml import parse

texts = st.text(st.sampled_from("0AF-<>&\"' 日"), max_size=12)


def answering(answer=b"<a/>"):
    """pywinrm, and the messages that it sends."""
    client, sent = Protocol("http://127.0.0.1/wsman", username="u", password="p", operation_timeout_sec=7), []
    client.send_message = lambda message: sent.append(message) or answer
    return client, sent


def without_id(message):
    return re.sub("uuid:[0-9a-f-]{36}<", "uuid:<", message)


@given(st.text(st.sampled_from("0AF-<>&日"), min_size=1, max_size=12), texts, st.binary(max_size=40))
def test_they_are_pywinrms(shell, command, piece):
    client, sent = answering()
    client.send_command_input(shell, command, piece)
    client.get_command_output_raw(shell, command)
    own = (envelopes.send(shell, command, piece, seconds=7), envelopes.receive(shell, command, seconds=7))
    assert [without_id(each) for each in own] == [without_id(each) for each in sent]
    assert own != tuple(sent), "each message has an identity of its own"


def stream(name, content):
    return f'<rsp:Stream Name="{name}" CommandId="C">{b64encode(content).decode()}</rsp:Stream>'


DONE = f'<rsp:CommandState State="{SHELL}/CommandState/Done"><rsp:ExitCode>3</rsp:ExitCode></rsp:CommandState>'
RUNNING = f'<rsp:CommandState CommandId="C" State="{SHELL}/CommandState/Running"/>'


@pytest.mark.parametrize(
    ("content", "received"),
    [
        (RUNNING, Received(b"", b"", -1, False)),
        (stream("stdout", b"a") + stream("stderr", b"b") + stream("stdout", b"c"), Received(b"ac", b"b", -1, False)),
        ('<rsp:Stream Name="stdout" End="true"/>' + DONE, Received(b"", b"", 3, True)),
    ],
)
def test_an_answer_is_read_as_by_pywinrm(content, received):
    answer = f'<e xmlns:rsp="{SHELL}"><rsp:ReceiveResponse>{content}</rsp:ReceiveResponse></e>'.encode()
    assert envelopes.received(parse(answer)) == received
    client, _ = answering(answer)
    told = (received.output, received.errors, received.exit_code, received.ended)
    assert client.get_command_output_raw("S", "C") == told


@pytest.mark.parametrize(
    "content", ["<rsp:Stream>YQ==</rsp:Stream>", '<rsp:Stream Name="stdout">a</rsp:Stream>', DONE.replace("3", "x")]
)
def test_an_answer_without_what_belongs_in_it_is_an_error(content):
    answer = parse(f'<e xmlns:rsp="{SHELL}">{content}</e>'.encode())
    with pytest.raises((LookupError, ValueError)):
        envelopes.received(answer)
