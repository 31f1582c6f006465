"""How a mail leaves this machine: by SMTP or, with no server set, as an `.eml` file in the instance folder."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from coalition.errors import Unavailable
from coalition.mail.wire import Envelope, Refused


class ServerAway(Unavailable):
    """The mail server itself does not answer: the next mail would fare no better."""


class Transport(Protocol):
    def send(self, mail: Envelope) -> None:
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


#: What servers answer: taken, taken for another place, about to hang up.
_FINE, _FINE_ELSEWHERE, _GOING = 250, 251, 421
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

    def send(self, mail: Envelope) -> None:
        done = False
        try:
            code, words = self._announced(mail).data(mail.content)
            if code != _FINE:
                raise smtplib.SMTPDataError(code, words)
            self._sent += 1
            done = True
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

    def _announced(self, mail: Envelope) -> smtplib.SMTP:
        """The server, told from whom the mail is and to whom, and ready for its words: over the connection of the mail
        before, if the server is still there and has not had enough of it. Nothing is handed over yet, so that to say it
        twice is harmless."""
        if self._sent >= MAILS_A_CONNECTION:
            self.close()
        if self._server is not None:
            try:
                return _announce(self._server, mail)
            except smtplib.SMTPResponseException as refusal:
                if refusal.smtp_code != _GOING:
                    raise
            except OSError:
                pass  # it went since the mail before
            self.close()
        return _announce(self._at_the_server(), mail)

    def _at_the_server(self) -> smtplib.SMTP:
        server = self._server = self._connect()
        if self.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if self.username:
            server.login(self.username, self.password)
        server.ehlo_or_helo_if_needed()
        return server

    def _connect(self) -> smtplib.SMTP:
        if self.tls == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout,
                                    context=ssl.create_default_context())
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)


@dataclass
class FileTransport:
    """Writes each mail as a file: for trying out, and for installations that have no mail server yet."""

    folder: Path

    def send(self, mail: Envelope) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # its mails hold the way in
            (self.folder / f"{mail.number}.eml").write_bytes(mail.content)
        except OSError as trouble:
            raise Unavailable(f"the mail cannot be written: {trouble}") from trouble

    def close(self) -> None:
        """Each file is whole already."""


def forget_files(folder: Path, message_ids: Iterable[str]) -> None:
    """Take away the files that mails were written to."""
    if folder.is_dir():
        for number in message_ids:
            (folder / f"{number}.eml").unlink(missing_ok=True)


def _announce(server: smtplib.SMTP, mail: Envelope) -> smtplib.SMTP:
    """Say from whom and to whom. Raises what the server refuses."""
    options = () if mail.to.isascii() else ("SMTPUTF8", "BODY=8BITMIME")
    if options and not server.has_extn("smtputf8"):
        raise Refused("the mail server takes no addresses with such letters")
    for ask in (partial(server.mail, mail.sender, options), partial(server.rcpt, mail.to)):
        code, words = ask()
        if code not in (_FINE, _FINE_ELSEWHERE):
            raise smtplib.SMTPResponseException(code, words)
    return server


def _plain(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
