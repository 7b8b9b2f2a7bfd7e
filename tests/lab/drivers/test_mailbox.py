"""The harness's mailbox, in real SMTP conversations: what it takes, and what it refuses."""

import smtplib
import socket
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from lab.drivers.mailbox import LARGEST_MAIL, LoopbackMailbox
from lab.simulator.timeline import Jumping, SimulatedClock, Timeline

NOW = datetime(2012, 9, 25, 13, 0, tzinfo=UTC)


@pytest.fixture
def mailbox():
    timeline = Timeline(NOW)
    box = LoopbackMailbox(SimulatedClock(timeline, Jumping(timeline)))
    yield box
    box.close()


@pytest.fixture
def sender(mailbox):
    host, port = mailbox.address.split(":")
    with smtplib.SMTP(host, int(port), timeout=5) as connection:
        yield connection


@pytest.fixture
def raw(mailbox):
    """Sends lines and gives the reply to the last."""
    host, port = mailbox.address.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as connection, connection.makefile("rwb") as lines:
        assert lines.readline().startswith(b"220 ")

        def say(*commands):
            for command in commands:
                lines.write(command.encode() + b"\r\n")
                lines.flush()
                reply = lines.readline().decode()
            return reply[:3]

        yield say


def mail(text="本文\n.\n..二つの点\n"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "rha@ca.com", "admin@ca.com", "件名: マスタ ホスト"
    message.set_content(text)
    return message


def test_a_mail_arrives_as_it_was_sent_with_the_labs_time(mailbox, sender):
    sender.send_message(mail())
    [arrived] = mailbox.mails()
    assert (arrived.sender, arrived.recipients) == ("rha@ca.com", ("admin@ca.com",))
    assert (arrived.subject, arrived.received) == ("件名: マスタ ホスト", NOW)
    assert arrived.text == "本文\n.\n..二つの点\n"


def test_lines_that_begin_with_a_dot_arrive_whole(mailbox, sender):
    message = mail("plain\n.\n.x\n..y\n")
    message.set_content("plain\n.\n.x\n..y\n", cte="7bit")
    sender.send_message(message)
    assert mailbox.mails()[0].text == "plain\n.\n.x\n..y\n"


def test_several_mails_and_senders_are_kept_in_their_order(mailbox, sender):
    sender.send_message(mail("one"))
    sender.send_message(mail("two"))
    assert [each.text for each in mailbox.mails()] == ["one\n", "two\n"]


@pytest.mark.parametrize(
    ("commands", "code"),
    [
        (["MAIL FROM:<a@b>"], "503"),
        (["HELO"], "501"),
        (["HELO x", "RCPT TO:<a@b>"], "503"),
        (["HELO x", "MAIL FROM:"], "501"),
        (["HELO x", "MAIL FROM:<a@b> SIZE=1"], "501"),
        (["HELO x", "MAIL FROM:<a@b>", "MAIL FROM:<a@b>"], "503"),
        (["HELO x", "MAIL FROM:<a@b>", "DATA"], "503"),
        (["HELO x", "MAIL FROM:<a@b>", "RCPT TO:"], "501"),
        (["HELO x", "MAIL FROM:<a@b>", "RSET", "RCPT TO:<a@b>"], "503"),
        (["HELO x", "EXPN list"], "502"),
        (["HELO x", "NOOP"], "250"),
        (["QUIT"], "221"),
    ],
)
def test_what_is_out_of_order_or_malformed_is_refused(raw, mailbox, commands, code):
    assert raw(*commands) == code
    assert mailbox.mails() == ()


@pytest.mark.parametrize("greet", [smtplib.SMTP.ehlo, smtplib.SMTP.helo])
def test_a_mail_that_is_too_large_is_refused(mailbox, sender, greet):
    greet(sender)
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        sender.sendmail("a@b", ["c@d"], "x\r\n" * (LARGEST_MAIL // 3 + 1))
    assert refused.value.smtp_code == 552
    assert mailbox.mails() == ()


def test_a_sender_that_hangs_up_in_the_middle_has_delivered_nothing(raw, mailbox):
    assert raw("HELO x", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "DATA") == "354"
    assert mailbox.mails() == ()


def test_a_mailbox_is_closed_while_a_sender_is_connected(raw, mailbox):
    assert raw("HELO x", "MAIL FROM:<a@b>", "RCPT TO:<c@d>", "DATA") == "354"
    mailbox.close()
    mailbox.close()
    assert mailbox.mails() == ()


def test_a_closed_mailbox_refuses_connections(mailbox):
    host, port = mailbox.address.split(":")
    mailbox.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=5)
