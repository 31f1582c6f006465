"""The public page of a letter at 20, 200, 2,000 and 11,258 names: kept, asked for again (304), made anew; beside a
plain ORM render of the same page, a bare hello, and a hello in our application. In-process, processor time.

The plain render is what an ordinary application does at each request: it loads the letter and its endorsements as
objects with what hangs on them, sorts them by name and fills the same template. It is given the counts and the letter's
text for nothing, and draws each line by the same code as ours.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask, get_template_attribute, render_template
from sqlalchemy import event, select
from sqlalchemy.orm import joinedload, selectinload

from coalition import countries
from coalition.db import db
from coalition.endorsements.models import Endorsement, EntryRevision
from coalition.letters import queries as letters
from coalition.letters.models import Letter
from coalition.signatories.entry import Entry, SigningAs, Statement, Unit
from coalition.signatories.line import printed_parts
from coalition.web.guards import public
from coalition.web.lists import counts_of
from coalition.web.public import shown
from tests.bench import rows
from tests.bench.filling import fill
from tests.bench.measuring import (
    ROUNDS,
    at_least,
    at_most,
    exponent,
    goal_lines,
    installation,
    open_letter,
    sizes,
)

_ACCEPTS = {"Accept-Encoding": "gzip, deflate, br"}


def measure() -> dict[str, Any]:
    """Seconds of each kind of answer, bytes and queries, by size of the list."""
    figures: dict[str, Any] = {"seconds": {}, "bytes": {}, "queries": {}}
    with tempfile.TemporaryDirectory() as folder:
        app = installation(Path(folder) / "instance")
        app.add_url_rule("/bench/hello", "bench_hello", public(lambda: "hello"))
        app.add_url_rule("/bench/plain/<slug>", "bench_plain", public(_plain_render))
        with app.app_context():
            letter, filled = open_letter(), 0
            for size in sizes(20, 200, 2000, 11_258):
                fill(letter, rows.entries(filled, size))
                filled = size
                db.session.rollback()
                _measure(figures, app, letter.slug, size)
    figures["goals"] = list(_goals(figures))
    return figures


def _measure(figures: dict[str, Any], app: Flask, slug: str, size: int) -> None:
    bare = Flask("hello")
    bare.route("/")(lambda: "hello")
    client, hello, address = app.test_client(), bare.test_client(), f"/letters/{slug}"
    app.extensions.pop("coalition.pages", None)  # the crowd came without acts that would have said so
    first = client.get(address, headers=_ACCEPTS)
    known = {**_ACCEPTS, "If-None-Match": first.headers["ETag"]}

    def anew() -> None:
        app.extensions.pop("coalition.pages")
        client.get(address, headers=_ACCEPTS)

    def next_minute() -> None:
        for key in [key for key in app.extensions["coalition.pages"].places if key[1].startswith("page")]:
            del app.extensions["coalition.pages"].places[key]
        client.get(address, headers=_ACCEPTS)

    plain = client.get(f"/bench/plain/{slug}")
    assert plain.text.count("<li><p dir=") == size == client.get(address).text.count("<li><p dir=")
    figures["seconds"][size] = _seconds({
        "hello": (lambda: hello.get("/"), 200),
        "hello_here": (lambda: client.get("/bench/hello", headers=known), 100),
        "kept": (lambda: client.get(address, headers=_ACCEPTS), 100),
        "not_modified": (lambda: client.get(address, headers=known), 100),
        "next_minute": (next_minute, 2),
        "anew": (anew, 1),
        "plain": (lambda: client.get(f"/bench/plain/{slug}"), 1),
    })
    figures["bytes"][size] = {"compressed": len(first.data), "plain": len(client.get(address).data)}
    figures["queries"][size] = {"kept": _queries(lambda: client.get(address)), "anew": _queries(anew),
                                "plain": _queries(lambda: client.get(f"/bench/plain/{slug}"))}


def _seconds(works: dict[str, tuple[Callable[[], object], int]]) -> dict[str, float]:
    """Medians of the rounds; in each round everything has its turn."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _round in range(ROUNDS + 1):
        for name, (work, times) in works.items():
            began = time.process_time()
            for _time in range(times):
                work()
            found[name].append((time.process_time() - began) / times)
    return {name: statistics.median(seconds[1:]) for name, seconds in found.items()}


def _queries(work: Callable[[], object]) -> int:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    work()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def _plain_render(slug: str) -> str:
    letter = letters.by_slug(slug)
    assert letter is not None
    found = db.session.scalars(
        select(Endorsement).where(Endorsement.letter_id == letter.id, Endorsement.state == "approved",
                                  Endorsement.visibility == "public")
        .options(selectinload(Endorsement.entries), joinedload(Endorsement.organisation)))
    listed = sorted((made.entries[-1] for made in found), key=lambda entry: entry.organisation.casefold())
    lines = [{"parts": printed_parts(_as_entry(entry)), "country": countries.country_name(entry.country, "en")}
             for entry in listed]
    body = get_template_attribute("components/signatory_list.html", "signatory_list")(
        [{"heading": "", "entries": lines}])
    reading = shown.read_in(letter, "en")
    return render_template(
        "public/letter.html", letter=letter, version=letter.published, reading=reading, languages=[],
        shown=shown.ShownList(body, _counts(letter, len(lines)), 0, None), counts=_counts(letter, len(lines)),
        stage="open", text=shown.text_of(reading, _counts(letter, len(lines))))


_known_counts: dict[int, Any] = {}


def _counts(letter: Letter, number: int) -> Any:
    """Counted once for each size, before it is measured."""
    if number not in _known_counts:
        _known_counts[number] = counts_of([letter])[letter.slug]
    return _known_counts[number]


def _as_entry(row: EntryRevision) -> Entry:
    statement = Statement(count=row.represents_count, unit=Unit(row.represents_unit), text=row.represents_text)
    return Entry(key="", signing_as=SigningAs.ORGANISATION, organisation=row.organisation, signatory=row.signatory,
                 title=row.title, description=row.description, country=row.country, is_network=row.is_network,
                 statement=statement if row.represents_count is not None else None)


def _goals(figures: dict[str, Any]) -> Iterator[dict[str, Any]]:
    size = max(figures["seconds"])
    row = figures["seconds"][size]
    yield at_least(f"kept page with {size:,} names, in rates of a plain ORM render", row["plain"] / row["kept"], 250)
    yield at_most(f"kilobytes of it, compressed ({size:,} names)", figures["bytes"][size]["compressed"] / 1000, 130)
    yield at_most("304, in hellos that load the same extensions", row["not_modified"] / row["hello_here"], 1.5)


def tell(figures: dict[str, Any]) -> Iterable[str]:
    """A line for each size, the growth of making it anew, the goals."""
    for size, row in figures["seconds"].items():
        hello, plain, queries = row["hello"], row["plain"], figures["queries"][size]
        yield (f"{int(size):>6} names: kept {row['kept'] / hello:.1f}, 304 {row['not_modified'] / hello:.1f}, hello "
               f"here {row['hello_here'] / hello:.1f} x a bare hello; a plain ORM render is {plain / row['kept']:.0f} "
               f"x a kept page, {plain / row['anew']:.1f} x one made anew, {plain / row['next_minute']:.0f} x the next "
               f"minute's; {queries['kept']}, {queries['anew']}, {queries['plain']} queries (kept, anew, plain)")
    if len(figures["seconds"]) > 1:
        small, large = sorted(figures["seconds"], key=int)[-2:]
        for name in ("anew", "plain"):
            grown = exponent(*((int(size), figures["seconds"][size][name]) for size in (small, large)))
            yield f"growth of {name} from {small} to {large} names: exponent {grown:.2f}"
    yield from goal_lines(figures["goals"])
