"""Mail through a server of aiosmtpd's: what arrives, and one sentence for each way in which it does not."""

import socket
from contextlib import contextmanager
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from lab.drivers.mail import SmtpSender
from lab.errors import AuthenticationRefused, ConnectionLost, HostUnreachable, NotStarted, Refused
from lab.model.endpoints import Login, MailEncryption, MailServer
from tests.lab.tls_premises import Certificate


class Kept:
    """Keeps mails, and takes none for nobody@."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802
        if address.startswith("nobody@"):
            return "550 no such\tmailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.append(envelope)
        return "250 OK"


class Served(Controller):
    def factory(self):
        return SMTP(self.handler, hostname="mail", **self.SMTP_kwargs)

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return Certificate(tmp_path_factory.mktemp("tls"), "mail", "127.0.0.1", authority=True)


@contextmanager
def served(**options):
    kept = Kept()
    controller = Served(kept, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        kept.port = controller.port
        yield kept
    finally:
        controller.stop()


def sender(port, *, encryption=MailEncryption.NONE, login=None, authority="", patience=20.0):
    server = MailServer(
        host="127.0.0.1",
        port=port,
        encryption=encryption,
        sender="kunren@example.com",
        login=login,
        certificate_authority=authority,
    )
    return SmtpSender(server, patience)


def mail(*to):
    message = EmailMessage()
    message["To"], message["Subject"] = ", ".join(to), "事前登録"
    message.set_content("本文")
    return message


def login_of(password):
    return AuthResult(success=password == b"correct", handled=False)


def test_a_mail_arrives_with_a_login_over_starttls(certificate):
    options = {"auth_required": True, "authenticator": lambda *a: login_of(a[4].password)}
    with served(tls_context=certificate.server_context(), require_starttls=True, **options) as kept:
        about = {"encryption": MailEncryption.STARTTLS, "authority": str(certificate.file)}
        sender(kept.port, login=Login("drill", "correct"), **about).send(mail("audit@example.com"))
        [arrived] = kept.mails
        assert (arrived.mail_from, arrived.rcpt_tos) == ("kunren@example.com", ["audit@example.com"])
        assert {b"From:", b"Date:", b"Message-ID:"} <= set(arrived.content.split())
        with pytest.raises(AuthenticationRefused, match="refuses the login of drill") as caught:
            sender(kept.port, login=Login("drill", "wrong-one"), **about).send(mail("audit@example.com"))
        assert "wrong-one" not in str(caught.value)
        with pytest.raises(HostUnreachable, match=r"self-signed.*mail\.certificate_authority"):
            sender(kept.port, encryption=MailEncryption.STARTTLS).send(mail("audit@example.com"))
        assert len(kept.mails) == 1


def test_what_a_server_refuses_is_told_with_its_words():
    with served() as kept:
        with pytest.raises(Refused, match=r"code 550: no such\S* ?mailbox"):
            sender(kept.port).send(mail("nobody@example.com"))
        with pytest.raises(Refused, match=r"not for nobody@example\.com"):
            sender(kept.port).send(mail("nobody@example.com", "audit@example.com"))
        assert [each.rcpt_tos for each in kept.mails] == [["audit@example.com"]]
        with pytest.raises(NotStarted, match="STARTTLS"):
            sender(kept.port, encryption=MailEncryption.STARTTLS).send(mail("audit@example.com"))


def test_a_server_that_says_nothing_does_not_hold_anybody_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises((ConnectionLost, HostUnreachable)):
            sender(port, patience=0.2).send(mail("audit@example.com"))
    with pytest.raises(HostUnreachable, match="nothing was sent"):
        sender(port).send(mail("audit@example.com"))
