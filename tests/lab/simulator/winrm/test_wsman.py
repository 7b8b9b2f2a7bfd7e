"""Reading envelopes: differences between clients, and refusals."""

from __future__ import annotations

import base64
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.simulator.winrm import faults
from lab.simulator.winrm.faults import WsManFault
from lab.simulator.winrm.operations import Command, Create, Receive, Send, Signal
from lab.simulator.winrm.wsman import MAX_ENVELOPE_SIZE, message_id, parse, read
from tests.lab.simulator.winrm.envelopes import CREATE, SHELL, SHELL_BODY, request


def parsed(envelope: bytes):
    return parse(read(envelope))


def refusal(envelope: bytes) -> faults.Fault:
    with pytest.raises(WsManFault) as caught:
        parsed(envelope)
    return caught.value.fault


@pytest.mark.parametrize("sent", ["uuid:ABC-def", " uuid:1 ", "訓練", "urn:x&amp;y"])
def test_the_message_id_is_read_exactly_as_sent(sent):
    envelope = request(CREATE, SHELL_BODY, message=sent)
    assert message_id(read(envelope)) == sent.replace("&amp;", "&")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("PT20S", 20), ("PT1M", 60), ("PT0.500S", 0.5), ("P0DT0H2M5S", 125), ("PT180.000S", 180), ("P1D", 86400)],
)
def test_operation_time_outs_in_every_client_s_spelling(written, seconds):
    more = f"<w:OperationTimeout>{written}</w:OperationTimeout>"
    assert parsed(request(CREATE, SHELL_BODY, more=more)).within == timedelta(seconds=seconds)


@pytest.mark.parametrize("written", ["20", "P", "PT", "PT-1S", "PT1e9S", "P1Y", "PT٣S"])
def test_an_invalid_duration_is_a_fault(written):
    more = f"<w:OperationTimeout>{written}</w:OperationTimeout>"
    assert refusal(request(CREATE, SHELL_BODY, more=more)) is faults.INVALID_PARAMETER


def test_a_shell_is_created_with_environment_and_code_page():
    body = (
        '<rsp:Shell ShellId="AB"><rsp:IdleTimeOut>PT300S</rsp:IdleTimeOut><rsp:Environment>'
        '<rsp:Variable Name="a">1</rsp:Variable></rsp:Environment></rsp:Shell>'
    )
    more = '<w:OptionSet><w:Option Name="WINRS_CODEPAGE">65001</w:Option></w:OptionSet>'
    read_back = parsed(request(CREATE, body, more=more))
    expected = Create(shell_id="AB", environment={"a": "1"}, idle_timeout=timedelta(minutes=5), creation=None)
    assert read_back.operation == expected
    assert read_back.options == {"WINRS_CODEPAGE": "65001"}


@pytest.mark.parametrize("end", ["true", "True", "TRUE", "1"])
def test_the_end_of_input_in_every_client_s_spelling(end):
    text = base64.b64encode("日本".encode()).decode()
    body = f'<rsp:Send><rsp:Stream Name="stdin" CommandId="c" End="{end}">{text}</rsp:Stream></rsp:Send>'
    assert parsed(request(f"{SHELL}/Send", body, shell="s")).operation == Send("c", "日本".encode(), end=True)


def test_arguments_come_in_one_element_or_in_several():
    several = "<rsp:Command>a</rsp:Command><rsp:Arguments>b</rsp:Arguments><rsp:Arguments>c d</rsp:Arguments>"
    operation = parsed(request(f"{SHELL}/Command", f"<rsp:CommandLine>{several}</rsp:CommandLine>")).operation
    assert operation == Command(None, "a", ("b", "c d"))


@pytest.mark.parametrize("code", [f"{SHELL}/signal/terminate", f"{SHELL}/signal/Terminate"])
def test_signals_compare_without_case(code):
    body = f'<rsp:Signal CommandId="c"><rsp:Code>{code}</rsp:Code></rsp:Signal>'
    assert parsed(request(f"{SHELL}/Signal", body)).operation == Signal("c", "terminate")


def test_a_receive_names_its_command():
    body = '<rsp:Receive><rsp:DesiredStream CommandId="c">stdout stderr</rsp:DesiredStream></rsp:Receive>'
    assert parsed(request(f"{SHELL}/Receive", body)).operation == Receive("c")


@pytest.mark.parametrize(
    ("envelope", "fault"),
    [
        (b"", faults.INVALID_XML),
        (b"<", faults.INVALID_XML),
        (b"not xml", faults.INVALID_XML),
        (b"<a/>", faults.INVALID_XML),
        (b"\xff\xfe<\x00", faults.INVALID_XML),
        (b'<?xml version="1.0" encoding="martian"?><Envelope/>', faults.INVALID_XML),
        (b"<Envelope/>", faults.INVALID_SOAP_BODY),
        (b"<Envelope><Body/></Envelope>", faults.INVALID_XML),
        (b"<!DOCTYPE Envelope><Envelope><Body/></Envelope>", faults.INVALID_XML),
        (b'<!DOCTYPE e [<!ENTITY a "aa">]><Envelope>&a;</Envelope>', faults.INVALID_XML),
        (b"<Envelope>" + b"<a>" * 70 + b"</a>" * 70 + b"</Envelope>", faults.INVALID_XML),
        (b"<Envelope>" + b"<a/>" * 10_001 + b"</Envelope>", faults.INVALID_XML),
        (b" " * (MAX_ENVELOPE_SIZE + 1), faults.ENCODING_LIMIT),
        (request("http://x/Dance", ""), faults.ACTION_MISMATCH),
        (request(CREATE, ""), faults.INVALID_SOAP_BODY),
        (request(f"{SHELL}/Receive", "<rsp:Receive/>"), faults.INVALID_SOAP_BODY),
        (request(f"{SHELL}/Send", "<rsp:Send/>"), faults.INVALID_SOAP_BODY),
        (request(f"{SHELL}/Send", "<rsp:Send><rsp:Stream>***</rsp:Stream></rsp:Send>"), faults.INVALID_PARAMETER),
        (request(f"{SHELL}/Send", "<rsp:Send><rsp:Stream>訓</rsp:Stream></rsp:Send>"), faults.INVALID_PARAMETER),
    ],
)
def test_an_invalid_request_is_a_fault(envelope, fault):
    assert refusal(envelope) is fault


@given(st.binary(max_size=400))
def test_no_bytes_bring_down_the_reader(data):
    with pytest.raises(WsManFault):
        parsed(data)


_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<&>￾￿"), max_size=40)


@given(
    action=st.sampled_from([CREATE, *(f"{SHELL}/{name}" for name in ("Command", "Send", "Receive", "Signal"))]) | _TEXT,
    body=_TEXT
    | st.sampled_from(
        [SHELL_BODY, "<rsp:Send><rsp:Stream>AA==</rsp:Stream></rsp:Send>", "<rsp:Signal/>", "<rsp:CommandLine/>"]
    ),
    message=_TEXT,
    timeout=_TEXT | st.sampled_from(["PT5S", "PT999999999S"]),
    size=_TEXT | st.integers().map(str),
)
def test_no_well_formed_envelope_brings_down_the_parser(action, body, message, timeout, size):
    more = f"<w:OperationTimeout>{timeout}</w:OperationTimeout><w:MaxEnvelopeSize>{size}</w:MaxEnvelopeSize>"
    root = read(request(action, body, message=message, more=more))
    with suppress(WsManFault):
        assert message_id(root) == message
        assert 0 < parse(root).max_envelope_size <= MAX_ENVELOPE_SIZE
