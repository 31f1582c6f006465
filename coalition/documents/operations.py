"""Freezing editions, making their files, and the work of compiling in the background. Handing over is in
`deliveries.py`."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import and_, bindparam, exists, not_, or_, select, update
from sqlalchemy.orm import aliased

from coalition import clock
from coalition.access.actor import SYSTEM, Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.audit import chain, checkpoints
from coalition.config import public_url
from coalition.db import db, unit_of_work
from coalition.documents import collector, drawing, making, queries, seal
from coalition.documents.amounts import statement_words
from coalition.documents.catalogues import text_of, words_in
from coalition.documents.drawing import chosen_languages
from coalition.documents.freezing import snapshot_of, translated
from coalition.documents.models import CompileRequest, Edition, Rendition
from coalition.documents.parts import Part
from coalition.documents.snapshot import Override, Snapshot
from coalition.endorsements import listing
from coalition.endorsements.confirming import confirmed_by
from coalition.errors import CoalitionError, Invalid, NotFound, Stale, Unavailable, WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.letters.reading import Reading, languages_of, readings_of
from coalition.markdown import plain_text
from coalition.places.queries import names_in
from coalition.prepared import Prepared
from coalition.signatories.claims import Claim, check_claims, fill
from coalition.signatories.compile import SignatoryList
from coalition.signatories.counting import Counts

log = logging.getLogger("coalition.documents")

_TRIES = 3
LEASE = timedelta(minutes=10)
#: The kind of a request that nobody made: a public edition in the place of one that names who was taken off.
REPLACEMENT = "unattended"

# A lease that ends later than one taken now would is of a clock that ran ahead: nobody holds it.
_BUSY = aliased(CompileRequest)
_IS_DUE = or_(CompileRequest.state == "waiting", (CompileRequest.state == "running") & not_(
    and_(CompileRequest.leased_until >= bindparam("now"), CompileRequest.leased_until <= bindparam("lease_end"))))
# One at a time for each letter, by however many workers.
_IS_DUE &= ~exists().where(
    _BUSY.letter_id == CompileRequest.letter_id, _BUSY.id != CompileRequest.id, _BUSY.state == "running",
    _BUSY.leased_until >= bindparam("now"), _BUSY.leased_until <= bindparam("lease_end"))
#: Asked at every wake-up of a worker.
_DUE = Prepared(select(CompileRequest.id).where(_IS_DUE).order_by(CompileRequest.id).limit(1))


@dataclass(frozen=True, slots=True)
class Made:
    """An edition and its file; `is_new` is False when unchanged data gave the edition there was."""

    edition: Edition
    rendition: Rendition
    is_new: bool


def claims_not_borne_out(letter: Letter, counts: Counts) -> tuple[Claim, ...]:
    """The numbers typed in the published subject and text, in any of its languages, that the list does not
    support."""
    version = letter.published
    if version is None:
        return ()
    return claims_in([(reading.language, reading.subject, reading.body) for reading in readings_of(letter, version)],
                     counts)


def claims_of_draft(letter: Letter, counts: Counts) -> tuple[Claim, ...]:
    """The same of the text that would be published now: what its writer is warned of."""
    draft = letter.draft
    if draft is None:
        return ()
    texts = [(draft.language, letter.subject, draft.body),
             *((other.language, other.subject, other.body) for other in draft.translations)]
    return claims_in(texts, counts)


def claims_in(texts: Iterable[tuple[str, str, str]], counts: Counts) -> tuple[Claim, ...]:
    """The claims of texts, given as language, subject and body, that the counts do not bear out; each wording once."""
    found = (
        claim for language, subject, body in texts for text in (subject, plain_text(fill(body, counts)) if body else "")
        for claim in check_claims(text, language, counts))
    return tuple({claim.words: claim for claim in found}.values())


def open_claims(letter: Letter, counts: Counts) -> tuple[Claim, ...]:
    """Those of them that no coordinator has let stand."""
    version = letter.published
    if version is None:
        return ()
    let_stand = {override.words for override in letter_queries.overrides_of(version)}
    return tuple(claim for claim in claims_not_borne_out(letter, counts) if claim.words not in let_stand)


@collector.asleep()
def compile_edition(actor: Actor, letter: Letter, *, audience: str = "public", paper: str = "A4", language: str = "",
                    progress: Callable[[str], None] = lambda step: None) -> Made:
    """Freeze the list as it stands, in all languages of the letter, and make its PDF in `language` ("fr", or several
    one after another: "en,fr,ar"; "" the letter's own); unchanged data gives the same edition again.

    Opens its own units of work, since drawing takes long: the list is read, drawn, and stored only if it is
    still the same then. Raises `WrongState` when a claim is not borne out or there is nothing to print,
    `Invalid` when something cannot be drawn.
    """
    demand(actor, Permission.EDITION_COMPILE, letter_queries.subject_of(letter))
    for _attempt in range(_TRIES):
        progress("reading")
        snapshot = _snapshot(letter, audience, queries.last_number(letter) + 1)
        before = queries.newest(letter, audience)
        if before is not None and before.content_sha256 == _content_hash(snapshot):
            rendition = making.make_file(actor, before, Part.WHOLE, paper, language=language, progress=progress)
            return Made(before, rendition, is_new=False)
        languages = chosen_languages(snapshot, language)
        progress("drawing")
        content = drawing.draw_sealed(snapshot, issuer=_seal(), paper=paper, languages=languages,
                                      **queries.pictures_of(snapshot))
        progress("keeping")
        try:
            with unit_of_work():
                made = _keep(actor, letter, snapshot, content, paper, languages)
                if made is not None:
                    number, made_id = made.number, made.id
        except Stale:
            continue  # somebody else compiled at the same moment: theirs may be the same
        if made is not None:
            edition = queries.by_number(letter, number)
            if edition is None or edition.id != made_id:
                raise Unavailable(_("The edition was kept but cannot be read back: look at the database."))
            _write_checkpoint()
            return Made(edition, edition.renditions[0], is_new=True)
    raise Stale(_("Approvals kept coming in while the document was drawn. Try again in a moment."))


@collector.asleep()
def preview(actor: Actor, letter: Letter, *, audience: str = "public", paper: str = "A4", language: str = "",
            progress: Callable[[str], None] = lambda step: None) -> bytes:
    """A watermarked PDF of how the edition would look now. It is no edition: no number, no seal."""
    demand(actor, Permission.EDITION_PREVIEW, letter_queries.subject_of(letter))
    progress("reading")
    snapshot = _snapshot(letter, audience, None, check=False)
    progress("drawing")
    return drawing.draw(snapshot, paper=paper, languages=chosen_languages(snapshot, language),
                        **queries.pictures_of(snapshot))


def as_it_stands(letter: Letter) -> Snapshot:
    """The published letter with its public list as they stand now, in all its languages, as values: what anybody who
    sees the letter may take along. It is no edition. Raises `WrongState` before a text is published."""
    return _snapshot(letter, "public", None, check=False)


def rebuild(actor: Actor, letter: Letter, number: int, *, paper: str = "A4", part: Part = Part.WHOLE,
            language: str = "") -> bytes:
    """Draw a frozen edition again from its snapshot: the bytes that were handed out. Raises `NotFound`."""
    demand(actor, Permission.EDITION_SEE, letter_queries.subject_of(letter))
    edition = queries.by_number(letter, number)
    if edition is None:
        raise NotFound(_("There is no edition %(number)s of this letter.", number=number))
    snapshot = queries.snapshot_of(edition)
    return drawing.draw_sealed(snapshot, issuer=_seal(), part=part, paper=paper,
                               languages=chosen_languages(snapshot, language), **queries.pictures_of(snapshot))


def snapshot_for(actor: Actor, letter: Letter, number: int) -> Snapshot:
    """What an edition froze, for those who may see it. Raises `NotFound`."""
    demand(actor, Permission.EDITION_SEE, letter_queries.subject_of(letter))
    edition = queries.by_number(letter, number)
    if edition is None:
        raise NotFound(_("There is no edition %(number)s of this letter.", number=number))
    return queries.snapshot_of(edition)


def request(actor: Actor, letter: Letter, *, kind: str, audience: str, paper: str,
            language: str = "") -> CompileRequest:
    """Ask a worker for an edition or a preview. Asking again for what waits already gives that request.

    Raises `WrongState` when one runs and another waits, or when an edition would be refused anyway; `Invalid` for a
    language the letter has not.
    """
    edition = kind == "edition"
    demand(actor, Permission.EDITION_COMPILE if edition else Permission.EDITION_PREVIEW,
           letter_queries.subject_of(letter))
    if edition:
        _snapshot(letter, audience, None)
    version = letter.published
    known = languages_of(version) if version is not None else ()
    language = language or (version.language if version is not None else "")
    if not set(language.split(",")) <= {"", *known}:
        raise Invalid(_("This letter is in %(languages)s only.", languages=", ".join(known)))
    unfinished = queries.unfinished_requests(letter)
    for waiting in unfinished:
        if (waiting.kind, waiting.audience, waiting.paper, waiting.language, waiting.state) == (
                kind, audience, paper, language, "waiting"):
            return waiting
    if len(unfinished) >= 2:
        raise WrongState(_("One document is being made and another waits. Try again when they are done."))
    made = CompileRequest(public_id=secrets.token_urlsafe(9), letter_id=letter.id, kind=kind, audience=audience,
                          paper=paper, language=language, requested_by=actor.person_id, requested_at=clock.now())
    db.session.add(made)
    db.session.flush()
    return made


def run_next_request(actor_of: Callable[[int | None], Actor]) -> bool:
    """Take the oldest due request and do it; False when there is none. `actor_of` gives the actor of a
    person's id, with the rights they have now."""
    taken = _take_request()
    if taken is None:
        return False
    request_id, lease = taken
    job = db.session.get_one(CompileRequest, request_id)
    progress = partial(_note_step, request_id, lease)
    values: dict[str, object]
    try:
        actor = SYSTEM if job.kind == REPLACEMENT else actor_of(job.requested_by)
        if job.kind == "preview":
            values = {"content": preview(actor, job.letter, audience=job.audience, paper=job.paper,
                                         language=job.language, progress=progress)}
        elif job.kind in list(Part) and job.edition is not None:
            making.make_file(actor, job.edition, Part(job.kind), job.paper, language=job.language, progress=progress)
            values = {}
        else:
            made = compile_edition(actor, job.letter, audience=job.audience, paper=job.paper, language=job.language,
                                   progress=progress)
            values = {"edition_id": made.edition.id}
        values["state"] = "done"
    except CoalitionError as refusal:
        values = {"state": "failed", "error": refusal.message[:1000]}
    except Exception:
        # Whoever waits for it is told at once; the fault itself is for whoever reads the worker's log.
        _finish(request_id, lease, state="failed",
                error=_("Something went wrong while the document was made. This is our mistake: tell whoever "
                        "runs this site."))
        raise
    _finish(request_id, lease, **values)
    return True


def _finish(request_id: int, lease: str, **values: object) -> None:
    """Write down how a request ended, unless its lease had run out and somebody else has it now."""
    with unit_of_work():
        db.session.execute(
            update(CompileRequest).where(CompileRequest.id == request_id, CompileRequest.lease == lease)
            .values(finished_at=clock.now(), lease="", leased_until=None, **values)
            .execution_options(synchronize_session=False))


def _take_request() -> tuple[int, str] | None:
    now, lease = clock.now(), secrets.token_hex(16)
    waiting = _DUE.rows(now=now, lease_end=now + LEASE)
    if not waiting:
        return None
    number = waiting[0][0]
    with unit_of_work():
        row = db.session.get_one(CompileRequest, number)
        # A compile that takes its worker down with it must not do so for ever.
        gave_up = row.attempts >= _TRIES
        values = ({"state": "failed", "error": _("The document could not be made: the worker stopped each time."),
                   "finished_at": now} if gave_up else
                  {"state": "running", "lease": lease, "leased_until": now + LEASE, "attempts": row.attempts + 1})
        taken = db.session.execute(
            update(CompileRequest).where(CompileRequest.id == number, _IS_DUE).values(**values)
            .execution_options(synchronize_session=False), {"now": now, "lease_end": now + LEASE}).rowcount
    return (number, lease) if taken and not gave_up else None


def _note_step(request_id: int, lease: str, step: str) -> None:
    with unit_of_work():
        db.session.execute(
            update(CompileRequest).where(CompileRequest.id == request_id, CompileRequest.lease == lease)
            .values(step=step, leased_until=clock.now() + LEASE)
            .execution_options(synchronize_session=False))


def _keep(actor: Actor, letter: Letter, snapshot: Snapshot, content: bytes, paper: str,
          languages: Sequence[str]) -> Edition | None:
    """Store edition and file, unless the list has changed since the snapshot was taken."""
    now = _snapshot(letter, snapshot.audience, snapshot.edition)
    if _content_hash(now) != _content_hash(snapshot) or queries.last_number(letter) + 1 != snapshot.edition:
        return None
    published = letter.published
    edition = Edition(
        public_id=snapshot.edition_id, letter_id=letter.id, version_id=published.id if published else 0,
        number=snapshot.edition, audience=snapshot.audience, snapshot=snapshot.to_json(), sha256=snapshot.sha256,
        content_sha256=_content_hash(snapshot), signatories=snapshot.counts.signatories,
        organisations_total=snapshot.counts.organisations_total, created_at=snapshot.frozen_time,
        created_by=actor.reference)
    db.session.add(edition)
    db.session.flush()
    _add_rendition(edition, content, paper, ",".join(languages))
    chain.record(actor, "edition.compiled", "edition", edition.id, letter_id=letter.id, number=edition.number,
                 audience=edition.audience, sha256=edition.sha256, version=snapshot.version,
                 signatories=edition.signatories)
    return edition


def _write_checkpoint() -> None:
    try:
        checkpoints.write()
    except Unavailable as trouble:  # the edition is kept; the sweep writes the next line
        log.warning("%s", trouble.message)


def _add_rendition(edition: Edition, content: bytes, paper: str, language: str) -> None:
    db.session.add(Rendition(edition_id=edition.id, kind="pdf", language=language, paper=paper,
                             sha256=hashlib.sha256(content).hexdigest(), size=len(content), content=content,
                             created_at=clock.now()))
    db.session.flush()


def _snapshot(letter: Letter, audience: str, number: int | None, *, check: bool = True) -> Snapshot:
    """The letter and its list as they stand. With `check`, raises `WrongState` for what must not be printed."""
    if audience not in listing.AUDIENCES:
        raise Invalid(_("There is no audience “%(audience)s”.", audience=audience))
    version = letter.published
    if version is None:
        raise WrongState(_("Publish the text of the letter first."))
    readings = readings_of(letter, version)
    lists = listing.signatory_lists(letter, audience, [reading.language for reading in readings])
    governing, *others = readings
    signatories = lists[governing.language]
    if check:
        _refuse(letter, signatories)
        _seal().check_valid(clock.now())
    whole = snapshot_of(
        signatories, letter=letter.slug, version=version.number,
        frozen_at=clock.now().replace(microsecond=0), edition=number,
        edition_id=secrets.token_urlsafe(9) if number else "", audience=audience, letterhead=letter.letterhead,
        ignore_articles=letter.ignore_articles,
        confirmed_by=confirmed_by(letter, audience),
        overrides=[Override(override.words, override.reason) for override in letter_queries.overrides_of(version)
                   if override.words in {claim.words for claim in claims_not_borne_out(letter, signatories.counts)}],
        earlier_versions=listing.signed_earlier_version(letter, audience),
        audit_head=chain.head_hash() if number else "", issuer=_seal().fingerprint,
        verify_url=public_url("/verify"), logo=letter.logo_sha256 or "",
        supersedes=_superseded(letter, audience) if number else None,
        **_in_words(letter, governing, signatories.counts))
    return replace(whole, translations=tuple(
        translated(whole, lists[reading.language], **_in_words(letter, reading, signatories.counts))
        for reading in others))


def _superseded(letter: Letter, audience: str) -> int | None:
    """The number of the edition that a new one for this audience takes the place of."""
    before = queries.newest(letter, audience)
    return before.number if before is not None else None


def _in_words(letter: Letter, reading: Reading, counts: Counts) -> dict[str, Any]:
    """All of a snapshot that depends on the language: frozen, so that later corrections change no edition."""
    words = words_in(reading.language)
    own_date = reading.has_own_date or letter.dated_on is None
    return {
        "language": reading.language, "subject": reading.subject, "body": fill(reading.body, counts, words.number),
        "source_sha256": reading.sha256, "place": reading.place,
        "date_text": reading.date_text if own_date else words.day(letter.dated_on.isoformat()),
        "closing": reading.closing, "addressees": reading.addressees, "copies": reading.copies,
        "capacity_note": words.capacity_note, "statement_words": statement_words(words),
        "country_name": names_in(reading.language), "words": text_of(reading.language),
    }


def _refuse(letter: Letter, signatories: SignatoryList) -> None:
    if not signatories.counts.signatories:
        raise WrongState(_("Nobody is on the list yet: approve at least one signature first."))
    claims = open_claims(letter, signatories.counts)
    if claims:
        words = "; ".join(f"“{claim.words}”" for claim in claims)
        raise WrongState(_(
            "The list does not bear out what the text says: %(words)s. Mend the text in a new version, or let a "
            "coordinator override the claim with a reason, which the document's note then prints.", words=words))


def _content_hash(snapshot: Snapshot) -> str:
    """The snapshot's hash without what differs each time it is taken."""
    return replace(snapshot, edition=None, edition_id="", frozen_at="", audit_head="", supersedes=None).sha256


def _seal() -> seal.Seal:
    return seal.own()

