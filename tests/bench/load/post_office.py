"""A mail server in a process of its own: takes every mail over SMTP, and writes the path of the link in it as a line.

It shares the machine with what is measured, so it does no more than it must: a general one (aiosmtpd) takes as long for
a mail as the product that sends it. The tests send to that one."""

from __future__ import annotations

import asyncio
import binascii
import re
import sys

_NUMBER = re.compile(rb"^Message-ID: (\S+)\r$", re.MULTILINE)
_LINK = re.compile(rb"https://[^/\s]+(/member/\S+)")
_FINE, _GO_AHEAD, _BYE, _UNKNOWN = b"250 OK\r\n", b"354 go ahead\r\n", b"221 bye\r\n", b"502 what?\r\n"
_ANSWERS = {b"EHLO": b"250-office\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n", b"HELO": _FINE, b"MAIL": _FINE, b"RCPT": _FINE,
            b"RSET": _FINE, b"NOOP": _FINE, b"DATA": _GO_AHEAD, b"QUIT": _BYE}
_DECODED = {b"base64": binascii.a2b_base64, b"quoted-printable": binascii.a2b_qp}


class PostOffice(asyncio.Protocol):
    """One connection: lines that are answered, and after DATA a mail, up to its single dot."""

    def __init__(self) -> None:
        self._read, self._ends_at = b"", b"\r\n"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line = transport
        self._line.write(b"220 office\r\n")

    def data_received(self, data: bytes) -> None:
        self._read += data
        while self._ends_at in self._read:
            said, _end, self._read = self._read.partition(self._ends_at)
            self._line.write(self._take(said) if self._ends_at != b"\r\n" else self._answer(said))

    def _answer(self, line: bytes) -> bytes:
        answer = _ANSWERS.get(line[:4].upper(), _UNKNOWN)
        if answer is _GO_AHEAD:
            self._ends_at = b"\r\n.\r\n"
        elif answer is _BYE:
            asyncio.get_running_loop().call_soon(self._line.close)
        return answer

    def _take(self, mail: bytes) -> bytes:
        self._ends_at = b"\r\n"
        number, found = _NUMBER.search(mail), _LINK.search(_text_of(mail))
        assert number is not None
        sys.stdout.write(f"{number[1].decode()} {found[1].decode() if found else '-'}\n")
        sys.stdout.flush()
        return _FINE


def _text_of(mail: bytes) -> bytes:
    """The words of its first part, which is its text."""
    head, _blank, words = mail.split(b"\r\n--", 2)[1].partition(b"\r\n\r\n")
    form = head.rpartition(b"Content-Transfer-Encoding: ")[2].partition(b"\r\n")[0]
    return _DECODED[form](words)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(PostOffice, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
