"""How a mail leaves this machine: by SMTP or, with no server set, as an `.eml` file in the instance folder."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Protocol

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import Row

from coalition.errors import Unavailable
from coalition.mail.models import OutboxMail

#: The only headers a mail of ours may have; anything else was smuggled in.
HEADERS = frozenset({"from", "to", "subject", "date", "message-id", "content-language", "mime-version",
                     "content-type", "auto-submitted", "list-unsubscribe", "list-unsubscribe-post"})
_HEADERS_ONLY = BytesParser(policy=policy.SMTP)


class Refused(Exception):
    """The server will never take this mail; trying again is useless."""


class ServerAway(Unavailable):
    """The mail server itself does not answer: the next mail would fare no better."""


class Transport(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Hand one mail over. Raises `Refused` for good, `Unavailable` for now."""

    def close(self) -> None:
        """No more mails for now. Whoever asked for the transport says so."""


def transport_for(settings: dict[str, Any]) -> Transport:
    """The transport that the settings ask for."""
    if not settings["MAIL_SERVER"]:
        return FileTransport(Path(settings["INSTANCE"]) / "mail")
    return SMTPTransport(
        host=settings["MAIL_SERVER"], port=int(settings["MAIL_PORT"]), username=settings["MAIL_USERNAME"],
        password=settings["MAIL_PASSWORD"], tls=settings["MAIL_TLS"], timeout=float(settings["MAIL_TIMEOUT"]))


def compose(mail: OutboxMail | Row[Any], sender: str) -> EmailMessage:
    """The mail as it goes on the wire. Raises `Refused` if it cannot be written or its headers are not ours."""
    try:
        message = _written(mail, sender)
        # Encoded words in a name can turn into headers of their own: read the bytes back and compare.
        again = _HEADERS_ONLY.parsebytes(message.as_bytes(), headersonly=True)
    except (ValueError, EmailNotValidError) as reason:
        raise Refused(f"the mail cannot be written: {reason}") from reason
    if {name.lower() for name in again} - HEADERS or again["to"] != message["to"]:
        raise Refused("the mail's headers are not the ones we wrote")
    if len(again["to"].addresses) != 1:
        raise Refused("a mail goes to exactly one address")
    return message


def _written(mail: OutboxMail | Row[Any], sender: str) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = parseaddr(sender)[1] if mail.hushed else sender
    message["To"] = _on_the_wire(mail.to)
    message["Subject"] = mail.subject
    message["Date"] = mail.created_at
    message["Message-ID"] = f"<{mail.message_id}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        if mail.unsubscribe.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    # Last: adding the second part moves every content header into the first one.
    message["Content-Language"] = mail.language
    return message


def _on_the_wire(address: str) -> str:
    """The address with its domain as mail servers know it: `bücher.example` is `xn--bcher-kva.example`."""
    local, _at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    return f"{local}@{validate_email(address, check_deliverability=False).ascii_domain}"


_FINE = 250
#: Some servers take no more than a hundred over one connection.
MAILS_A_CONNECTION = 50


@dataclass
class SMTPTransport:
    """`tls` is "none", "starttls" or "tls"; `timeout` in seconds. Mails in a row go over one connection."""

    host: str
    port: int
    username: str = ""
    password: str = ""
    tls: str = "none"
    timeout: float = 20.0
    _server: smtplib.SMTP | None = None
    _sent: int = 0

    def send(self, message: EmailMessage) -> None:
        done = False
        try:
            server = self._at_the_server()
            if not str(message["to"]).isascii() and not self._takes_all_letters(server):
                raise Refused("the mail server takes no addresses with such letters")
            server.send_message(message)
            self._sent += 1
            done = True
        except smtplib.SMTPRecipientsRefused as refusal:
            code, words = next(iter(refusal.recipients.values()))
            raise (Refused if code >= 500 else Unavailable)(f"{code} {_plain(words)}") from refusal
        except (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPAuthenticationError) as refusal:
            # The server will not talk to us at all: that says nothing about this mail.
            raise ServerAway(f"{refusal.smtp_code} {_plain(refusal.smtp_error)}") from refusal
        except smtplib.SMTPResponseException as refusal:
            kind = Refused if refusal.smtp_code >= 500 else Unavailable
            raise kind(f"{refusal.smtp_code} {_plain(refusal.smtp_error)}") from refusal
        except (OSError, smtplib.SMTPException) as trouble:
            raise ServerAway(f"the mail server does not answer: {trouble}") from trouble
        finally:
            if not done:
                self.close()

    def close(self) -> None:
        server, self._server, self._sent = self._server, None, 0
        if server is None:
            return
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()  # it went first

    def _at_the_server(self) -> smtplib.SMTP:
        """The connection of the mail before, if the server is still there and has not had enough of it."""
        if self._sent >= MAILS_A_CONNECTION or not self._is_there():
            self.close()
        if self._server is None:
            server = self._server = self._connect()
            if self.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.username:
                server.login(self.username, self.password)
        return self._server

    def _is_there(self) -> bool:
        if self._server is None:
            return True
        try:
            return self._server.noop()[0] == _FINE
        except (OSError, smtplib.SMTPException):
            return False

    def _takes_all_letters(self, server: smtplib.SMTP) -> bool:
        server.ehlo_or_helo_if_needed()
        return server.has_extn("smtputf8")

    def _connect(self) -> smtplib.SMTP:
        if self.tls == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout,
                                    context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)


@dataclass
class FileTransport:
    """Writes each mail as a file: for trying out, and for installations that have no mail server yet."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        name = re.sub(r"[^0-9a-f]", "", str(message["Message-ID"]).split("@")[0])
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # its mails hold the way in
            (self.folder / f"{name}.eml").write_bytes(message.as_bytes())
        except OSError as trouble:
            raise Unavailable(f"the mail cannot be written: {trouble}") from trouble

    def close(self) -> None:
        """Each file is whole already."""


def forget_files(folder: Path, message_ids: Iterable[str]) -> None:
    """Take away the files that mails were written to."""
    if folder.is_dir():
        for number in message_ids:
            (folder / f"{number}.eml").unlink(missing_ok=True)


def _plain(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
