"""What a process keeps of public pages, so that a letter everybody reloads is made once and not each time.

Nothing is kept of pages for people who are signed in or who came by a link. The stamp says after which act
around the letter a page was made; it stays here, for it moves with acts that outsiders may not know of. What
they are given is the hash of what they see.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import Response, current_app, request, session
from flask_babel import get_locale
from flask_login import current_user

from coalition import clock
from coalition.audit import queries as audit_queries
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter

#: Pages kept by one process: the largest letters known make one of a megabyte.
MOST = 48

_lock = Lock()


def kept(letter: Letter, name: str, make: Callable[[], Any]) -> Any:
    """What `make` gives for this letter and the reader's language, made anew after every act around the
    letter and at least once a minute."""
    pages: OrderedDict[Any, Any] = current_app.extensions.setdefault("coalition.pages", OrderedDict())
    key = (letter.id, name, str(get_locale()))
    stamp = (audit_queries.head_of_letter(letter.id), letter.lock, letter_queries.is_open_for_signing(letter),
             clock.now().replace(second=0, microsecond=0))
    with _lock:
        found = pages.get(key)
    if found is not None and found[0] == stamp:
        return found[1]
    made = make()
    with _lock:
        pages[key] = (stamp, made)
        pages.move_to_end(key)
        while len(pages) > MOST:
            pages.popitem(last=False)
    return made


def answer(letter: Letter, name: str, make: Callable[[], str | bytes], mimetype: str = "text/html") -> Response:
    """The page as an answer. To anybody, of a letter that reaches everybody: with an ETag, and 304 to who has
    it already; else it is made for this one reader and kept nowhere."""
    if not _same_for_all(letter):
        return Response(make(), mimetype=mimetype)
    body, tag = kept(letter, name, lambda: _tagged(make()))
    response = Response(body, mimetype=mimetype)
    response.set_etag(tag)
    let_anybody_keep(response)
    return response.make_conditional(request)


def let_anybody_keep(response: Response) -> None:
    """Allow caches to hold the answer, if they ask each time whether it still stands."""
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.headers.add("Vary", "Accept-Language")


def _tagged(made: str | bytes) -> tuple[bytes, str]:
    body = made if isinstance(made, bytes) else made.encode()
    return body, hashlib.sha256(body).hexdigest()[:32]


def _same_for_all(letter: Letter) -> bool:
    return (letter_queries.reaches_everyone(letter) and not current_user.is_authenticated
            and "_flashes" not in session)
