"""Visitors who sign: so many at once in this one process, and a new one - with no cookies, an address and a connection
of its own - as soon as one is done. Connections that all last were dealt to the server's processes once, at the
beginning, often so unevenly that one of two processors slept. The visitors' own processor time is counted: they share
the machine."""

from __future__ import annotations

import asyncio
import re
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

HOST = "letters.example.org"
_CARRIED = ("csrf_token", "form_key", "version", "language")
_FIELD = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_PART = re.compile(r'\b(name|value)="([^"]*)"')


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the page's form."""
        text = (zlib.decompress(self.body, 47) if self.headers.get("content-encoding") else self.body).decode()
        found = (dict(_PART.findall(tag)) for tag in _FIELD.findall(text))
        return {one["name"]: one.get("value", "") for one in found if one.get("name") in _CARRIED}


@dataclass
class Told:
    """What the visitors of a round were told, and how long they waited for it, in seconds."""

    acknowledged: list[str] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    gets: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    confirmed: int = 0
    seconds: float = 0.0
    own_cpu: float = 0.0


class Connection:
    """One keep-alive connection to a server on the loopback; opened again when the server closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, *, address: str, cookie: str = "",
                  form: dict[str, str] | None = None) -> Answer:
        """Send a request as the proxy of the example would, for a visitor at `address`."""
        body = urlencode(form).encode() if form is not None else b""
        head = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"X-Forwarded-For: {address}", "X-Forwarded-Proto: https",
                "Accept-Encoding: gzip", "Accept-Language: en", "User-Agent: visitor"]
        if cookie:
            head.append(f"Cookie: {cookie}")
        if form is not None:
            head += [f"Referer: https://{HOST}{path}", f"Origin: https://{HOST}",
                     "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        message = "\r\n".join([*head, "", ""]).encode() + body
        began = time.perf_counter()
        try:
            status, headers, content = await self._exchange(message)
        except (ConnectionError, asyncio.IncompleteReadError):
            # An idle connection that the server let go; nothing was answered, so nothing was done.
            await self.close()
            if method != "GET":
                raise
            status, headers, content = await self._exchange(message)
        return Answer(status, headers, content, time.perf_counter() - began)

    async def _exchange(self, message: bytes) -> tuple[int, dict[str, str], bytes]:
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        self._writer.write(message)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:-2])}
        content = await self._reader.readexactly(int(headers.get("content-length", "0")))
        if headers.get("connection") == "close":
            await self.close()
        return int(head[0].split()[1]), headers, content

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


Visit = Callable[[Connection, Told], Awaitable[None]]


def cookie_of(answer: Answer, before: str = "") -> str:
    """The cookie to send next time."""
    given = answer.headers.get("set-cookie", "")
    return given.partition(";")[0] if given else before


def signs(slug: str, people: Iterator[tuple[str, dict[str, str]]], *, looks: bool = False) -> Visit:
    """A visit that reads the form and sends it; one that `looks` goes by the check page and reads the word of thanks,
    as people do."""

    async def visit(connection: Connection, told: Told) -> None:
        address, answers = next(people)
        here = f"/letters/{slug}/sign"
        await connection.close()
        page = await connection.ask("GET", here, address=address)
        told.gets.append(page.seconds)
        cookie = cookie_of(page)
        form = answers | page.hidden()
        if looks:
            page = await connection.ask("POST", here, address=address, cookie=cookie, form=form)
            cookie = cookie_of(page, cookie)
            form |= page.hidden()
        done = await connection.ask("POST", f"{here}/send", address=address, cookie=cookie, form=form)
        told.posts.append(done.seconds)
        if done.status != 303:
            told.refused.append(done.status)
            return
        told.acknowledged.append(answers["email"])
        if looks:
            await connection.ask("GET", done.headers["location"], address=address, cookie=cookie_of(done, cookie))

    return visit


def reads(path: str) -> Visit:
    """A visit that reads one page."""

    async def visit(connection: Connection, told: Told) -> None:
        told.gets.append((await connection.ask("GET", path, address="198.18.0.1")).seconds)

    return visit


def confirms(links: asyncio.Queue[str]) -> Visit:
    """A visit that takes a mailed link, opens it and presses the button; a moment's rest while there is none."""

    async def visit(connection: Connection, told: Told) -> None:
        try:
            path = await asyncio.wait_for(links.get(), 0.1)
        except TimeoutError:
            return
        page = await connection.ask("GET", path, address="198.19.255.254")
        done = await connection.ask("POST", path, address="198.19.255.254", cookie=cookie_of(page), form=page.hidden())
        if done.status == 303:
            told.confirmed += 1
        else:
            told.refused.append(done.status)

    return visit


async def drive(port: int, visits: list[Visit], seconds: float) -> Told:
    """Let each connection do its visits one after the other for so long; what they were told."""
    told, began, cpu = Told(), time.perf_counter(), time.process_time()

    async def go_on(visit: Visit) -> None:
        connection = Connection(port)
        while time.perf_counter() - began < seconds:
            await visit(connection, told)
        await connection.close()

    await asyncio.gather(*(go_on(visit) for visit in visits))
    told.seconds, told.own_cpu = time.perf_counter() - began, time.process_time() - cpu
    return told
