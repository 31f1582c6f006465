"""A real mail server on a loopback port, that answers as it is told and remembers what it took."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 OK"


@dataclass
class MailServer:
    """`answers` are given in turn to mails, then `TAKEN`; `to_recipients` likewise to their addresses. `slow`
    seconds pass before each answer; one that `hangs_up` does so after each mail. `received` holds what was taken:
    sender, recipients, the mail."""

    answers: list[str] = field(default_factory=list)
    to_recipients: list[str] = field(default_factory=list)
    slow: float = 0.0
    hangs_up: bool = False
    connections: int = 0
    received: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    port: int = field(default_factory=lambda: free_port())

    def __post_init__(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=True)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        if self._controller.server is not None:
            self._controller.stop()

    @property
    def mails(self) -> list[EmailMessage]:
        return [mail for _sender, _recipients, mail in self.received]

    @property
    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    async def handle_EHLO(self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str,
                          answers: list[str]) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return answers

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str,
                          options: list[Any]) -> str:
        if self.hangs_up and getattr(session, "has_given", False) and server.transport is not None:
            server.transport.close()
        envelope.mail_from, session.has_given = address, True  # type: ignore[attr-defined]
        envelope.mail_options.extend(options)
        return TAKEN

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str,
                          options: list[Any]) -> str:
        answer = self.to_recipients.pop(0) if self.to_recipients else TAKEN
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        answer = self.answers.pop(0) if self.answers else TAKEN
        content = envelope.original_content or b""
        if answer.startswith("2"):
            # Taken before it is said: a client killed now does not know that the mail has arrived.
            self.received.append((str(envelope.mail_from), list(envelope.rcpt_tos),
                                  message_from_bytes(content, policy=policy.default)))
        time.sleep(self.slow)
        return answer


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
