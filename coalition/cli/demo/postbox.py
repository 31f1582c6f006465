"""A mail server on this machine's loopback, for as long as the demonstration lasts, and reading what it gets."""

from __future__ import annotations

import re
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from coalition.errors import WrongState

_LINK = re.compile(r"https?://\S+")


class _Keeper:
    """Takes every mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        found = message_from_bytes(content, policy=policy.default)
        assert isinstance(found, EmailMessage)  # noqa: S101  what policy.default makes
        self.mails.append(found)
        return "250 taken"


class Postbox:
    """A real SMTP server on a free port of 127.0.0.1; use it in a `with`."""

    def __init__(self) -> None:
        self._keeper = _Keeper()
        self.port = _free_port()
        self._server = Controller(self._keeper, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> Postbox:
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._server.stop()

    def __len__(self) -> int:
        return len(self._keeper.mails)

    def link_for(self, address: str) -> str:
        """The link in the newest mail to this address. Raises `WrongState` if there is none."""
        for mail in reversed(self._keeper.mails):
            if mail["to"] == address:
                body = mail.get_body(("plain",))
                found = _LINK.findall(body.get_content()) if body else []
                if found:
                    return str(found[0])
        raise WrongState(f"no mail with a link came for {address}")


def _free_port() -> int:
    """A port nobody listens on; the controller cannot be given 0."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
