"""How a mail leaves this machine: by SMTP, or, with no server set, as an `.eml` file in the instance folder."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol

from coalition.errors import Unavailable
from coalition.mail.models import OutboxMail

#: The only headers a mail of ours may have; anything else was smuggled in.
HEADERS = frozenset({"from", "to", "subject", "date", "message-id", "content-language", "mime-version",
                     "content-type", "auto-submitted"})


class Refused(Exception):
    """The server will never take this mail; trying again is useless."""


class Transport(Protocol):
    def send(self, message: EmailMessage) -> None:
        """Hand one mail over. Raises `Refused` for good, `Unavailable` for now."""


def transport_for(settings: dict[str, Any]) -> Transport:
    """The transport that the settings ask for."""
    if not settings["MAIL_SERVER"]:
        return FileTransport(Path(settings["INSTANCE"]) / "mail")
    return SMTPTransport(
        host=settings["MAIL_SERVER"], port=int(settings["MAIL_PORT"]), username=settings["MAIL_USERNAME"],
        password=settings["MAIL_PASSWORD"], tls=settings["MAIL_TLS"], timeout=float(settings["MAIL_TIMEOUT"]))


def compose(mail: OutboxMail, sender: str) -> EmailMessage:
    """The mail as it goes on the wire. Raises `Refused` if its headers are not exactly ours."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = mail.created_at
    message["Message-ID"] = f"<{mail.message_id}@{sender.rpartition('@')[2].rstrip('>')}>"
    message["Content-Language"] = mail.language
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    # Encoded words in a name can turn into headers of their own: read the bytes back and compare.
    again = message_from_bytes(message.as_bytes(), policy=policy.SMTP)
    if {name.lower() for name in again.keys()} - HEADERS or again["to"] != mail.to:
        raise Refused("the mail's headers are not the ones we wrote")
    return message


@dataclass
class SMTPTransport:
    """`tls` is "none", "starttls" or "tls"; `timeout` in seconds."""

    host: str
    port: int
    username: str = ""
    password: str = ""
    tls: str = "none"
    timeout: float = 20.0

    def send(self, message: EmailMessage) -> None:
        try:
            with self._connect() as server:
                if self.tls == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.username:
                    server.login(self.username, self.password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            code, words = next(iter(refusal.recipients.values()))
            raise (Refused if code >= 500 else Unavailable)(f"{code} {_plain(words)}") from refusal
        except smtplib.SMTPResponseException as refusal:
            gone = refusal.smtp_code >= 500 and not isinstance(refusal, smtplib.SMTPAuthenticationError)
            raise (Refused if gone else Unavailable)(f"{refusal.smtp_code} {_plain(refusal.smtp_error)}") from refusal
        except (OSError, smtplib.SMTPException) as trouble:
            raise Unavailable(f"the mail server does not answer: {trouble}") from trouble

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
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / f"{name}.eml").write_bytes(message.as_bytes())
        except OSError as trouble:
            raise Unavailable(f"the mail cannot be written: {trouble}") from trouble


def _plain(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
