"""What a process keeps of public pages, so that a letter everybody reloads is made once and not each time.

Nothing is kept of pages for people who are signed in, nor what is about one signature: of a page that many open by
links of their own only what is the same for all (`filled`). How new a page must be is asked of the
database at every reading, in one small query (`letters/glance.py`), so what is taken off is gone from all processes at
once. The number of that act stays here: outsiders are given the hash of what they see. Pages stand here compressed;
who takes no compressed answer gets it unpacked.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any

from flask import Response, current_app, request, session
from flask_babel import get_locale
from markupsafe import Markup
from werkzeug.http import parse_accept_header

from coalition import clock
from coalition.letters import queries as letter_queries
from coalition.letters.glance import Glance, letter_of
from coalition.letters.models import Letter
from coalition.web.session import is_signed_in

#: Bytes kept by one process. The page of the largest letter known is a tenth of a megabyte, its list as markup two.
MOST = 32_000_000
#: What else a page may show moves with the clock ("in 3 days"): so long it is true.
A_MINUTE = timedelta(minutes=1)
#: For what says nothing about the time: only so that what somebody mends in the database by hand comes to be seen.
A_WHILE = timedelta(minutes=10)
#: What stands in a page that is kept where each reader gets values of their own. By lot: no letter holds it.
_HOLE = secrets.token_hex(16)
#: Caches may hold it, if they ask each time.
_ANYBODY = "public, max-age=0, must-revalidate"
#: Shorter ones gain nothing by it, and these are compressed already.
_SHORT, _COMPRESSED = 500, ("openxmlformats", "application/pdf", "image/")


@dataclass(slots=True)
class _Place:
    """Where one thing is kept. `made_for` is the newest act it has seen; `making` is held by the one who makes it."""

    making: Lock = field(default_factory=Lock)
    value: Any = None
    weight: int = 0
    made_for: int = -1
    since: datetime | None = None
    until: datetime | None = None

    def holds_for(self, glance: Glance) -> bool:
        """Whether the value is still true: no act that can be seen since, and its time is not over."""
        return (self.since is not None and self.until is not None and self.made_for >= glance.newest
                and self.since <= clock.now() < self.until)


@dataclass(slots=True)
class _Shelf:
    """The places of a process by their keys, the one used longest ago first."""

    places: OrderedDict[tuple[Any, ...], _Place] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def place(self, key: tuple[Any, ...]) -> _Place:
        with self.lock:
            found = self.places.setdefault(key, _Place())
            self.places.move_to_end(key)
            return found

    def make_room(self) -> None:
        with self.lock:
            weight = sum(place.weight for place in self.places.values())
            while weight > MOST and len(self.places) > 1:
                weight -= self.places.popitem(last=False)[1].weight


@dataclass(frozen=True, slots=True)
class _Page:
    tag: str
    body: bytes
    is_compressed: bool


def kept(glance: Glance, name: str, make: Callable[[], Any], *, lasting: timedelta = A_MINUTE) -> Any:
    """What `make` gives for this letter and the reader's language. It is made anew after every act around the letter
    that outsiders can see, and when it is `lasting` old; by one reader at a time, while others wait for it."""
    shelf: _Shelf = current_app.extensions.setdefault("coalition.pages", _Shelf())
    place = shelf.place((glance.id, name, get_locale()))
    if place.holds_for(glance):
        return place.value
    with place.making:
        if not place.holds_for(glance):
            now = clock.now()
            place.since = None
            place.value = make()
            place.weight = _weight(place.value)
            place.made_for, place.until = glance.newest, _end(glance, now, lasting)
            place.since = now
            shelf.make_room()
        return place.value


def filled(glance: Glance, name: str, draw: Callable[..., str], **values: str) -> str:
    """The page that `draw` makes of these values, which are this reader's own and come as markup. Where everything else
    is the same for all it is kept, with holes where they stand."""
    if not same_for_all(glance):
        return draw(**{key: Markup(value) for key, value in values.items()})  # noqa: S704  as the caller says
    holes = {key: Markup(f"{_HOLE}{key}.") for key in values}  # noqa: S704  figures and a name
    texts: tuple[str, ...] = kept(glance, name, lambda: tuple(re.split(rf"{_HOLE}(\w+)\.", draw(**holes))))
    # Every other one is the name of a hole.
    return "".join([values[text] if place % 2 else text for place, text in enumerate(texts)])


def answer(glance: Glance, name: str, make: Callable[[Letter], str | bytes], mimetype: str = "text/html", *,
           lasting: timedelta = A_MINUTE) -> Response:
    """The page as an answer. To anybody, of a letter that reaches everybody: with an ETag, and 304 to who has
    it already; else it is made for this one reader and kept nowhere."""
    if not same_for_all(glance):
        return Response(make(letter_of(glance)), mimetype=mimetype)
    page: _Page = kept(glance, name, lambda: _page(make(letter_of(glance)), mimetype), lasting=lasting)
    compressed = page.is_compressed and _takes_gzip(request.headers.get("Accept-Encoding", ""))
    tag = f"{page.tag}-gzip" if compressed else page.tag
    headers = {"ETag": f'"{tag}"', "Cache-Control": _ANYBODY,
               "Vary": "Accept-Encoding, Accept-Language" if page.is_compressed else "Accept-Language"}
    had = request.headers.get("If-None-Match")
    # Browsers send back what they were given; others may list several, or call them weak.
    if had and (had == headers["ETag"] or request.if_none_match.contains_weak(tag)):
        return Response(status=304, headers=headers)
    if compressed:
        return Response(page.body, mimetype=mimetype, headers={**headers, "Content-Encoding": "gzip"})
    body = gzip.decompress(page.body) if page.is_compressed else page.body
    return Response(body, mimetype=mimetype, headers=headers)


@lru_cache(maxsize=256)
def _takes_gzip(accepted: str) -> bool:
    """Whether a browser with this header does: browsers have but a few of them."""
    return parse_accept_header(accepted)["gzip"] > 0


def let_anybody_keep(response: Response) -> None:
    """Allow caches to hold the answer, if they ask each time whether it still stands."""
    response.headers["Cache-Control"] = _ANYBODY
    response.headers.add("Vary", "Accept-Language")


def _end(glance: Glance, now: datetime, lasting: timedelta) -> datetime:
    """When it must be made anew: at the latest when the clock opens or closes something."""
    whole = now.replace(second=0, microsecond=0) + lasting
    return min([whole, *(moment for moment in (glance.deadline_at, glance.releases_at) if moment and moment > now)])


def _page(made: str | bytes, mimetype: str) -> _Page:
    body = made if isinstance(made, bytes) else made.encode()
    tag = hashlib.sha256(body).hexdigest()[:32]
    if len(body) < _SHORT or any(kind in mimetype for kind in _COMPRESSED):
        return _Page(tag, body, is_compressed=False)
    return _Page(tag, gzip.compress(body, 6, mtime=0), is_compressed=True)


def _weight(value: Any) -> int:
    """About how many bytes it takes."""
    if isinstance(value, tuple):
        return sum(map(_weight, value))
    body = getattr(value, "body", value)
    return len(body) if isinstance(body, str | bytes) else 500


def same_for_all(glance: Glance) -> bool:
    """Whether this reader is shown what all others are: the letter reaches everybody, and they are nobody we know."""
    return letter_queries.reaches_everyone(glance) and not is_signed_in() and "_flashes" not in session
