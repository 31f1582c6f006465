"""A real mail server in a process of its own: takes every mail, and writes the path of the link in it as a line."""

from __future__ import annotations

import asyncio
import re
import sys
from email import message_from_bytes

from aiosmtpd.smtp import SMTP, Envelope, Session

_LINK = re.compile(r"https://[^/\s]+(/member/\S+)")


class PostOffice:
    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        mail = message_from_bytes(envelope.original_content or b"")
        text = next(part.get_payload(decode=True) for part in mail.walk() if part.get_content_type() == "text/plain")
        found = _LINK.search(text.decode())
        sys.stdout.write(f"{mail['Message-ID']} {found[1] if found else '-'}\n")
        sys.stdout.flush()
        return "250 OK"


async def _serve(port: int) -> None:
    office = PostOffice()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(office, enable_SMTPUTF8=True), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
