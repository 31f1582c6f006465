"""What is asked about letters."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import selectinload

from coalition import clock
from coalition.access.actor import VISITOR, Actor, Role
from coalition.access.permissions import Permission
from coalition.access.policy import permits
from coalition.access.predicates import Subject
from coalition.db import db
from coalition.letters import workflow
from coalition.letters.models import ClaimOverride, Letter, TeamMember, Version
from coalition.letters.source import sha256_of, source_of
from coalition.prepared import Prepared

_LETTERS = Letter.__table__
_TO_HOLD = Prepared(select(_LETTERS.c.state, _LETTERS.c.deadline_at).where(
    _LETTERS.c.id == bindparam("letter_id")).with_for_update(read=True))


def by_slug(slug: str) -> Letter | None:
    """The letter at this address, with its recipients and versions."""
    return db.session.scalar(
        select(Letter).where(Letter.slug == slug)
        .options(selectinload(Letter.recipients),
                 selectinload(Letter.versions).selectinload(Version.translations)))


def by_link(slug: str, secret: str) -> Letter | None:
    """The letter that this link leads to: of a letter that is shown by link, or to everybody anyway."""
    letter = by_slug(slug) if "\0" not in slug else None
    if letter is None or letter.reach not in ("link", "public") or letter.state not in workflow.SEEN:
        return None
    # Comparing takes as long for a wrong secret as for the right one, so that it cannot be felt for.
    return letter if hmac.compare_digest(letter.link_secret.encode(), secret.encode()) else None


def is_taken(slug: str) -> bool:
    return db.session.scalar(select(Letter.id).where(Letter.slug == slug)) is not None


def by_source(sha256: str) -> Letter | None:
    """The letter that was imported from a file with this hash."""
    return db.session.scalar(select(Letter).where(Letter.source_sha256 == sha256))


def all_letters() -> list[Letter]:
    """Every letter, newest first."""
    return list(db.session.scalars(select(Letter).order_by(Letter.created_at.desc(), Letter.id.desc())))


def letters_for_everyone() -> list[Letter]:
    """The letters that reach everybody now, open ones first."""
    now = clock.now()
    rows = db.session.scalars(
        select(Letter).where(Letter.state.in_((workflow.OPEN, workflow.CLOSED, workflow.ARCHIVED)),
                             or_(Letter.reach == "public", and_(Letter.releases_at.is_not(None),
                                                                Letter.releases_at <= now)))
        .options(selectinload(Letter.recipients), selectinload(Letter.versions))
        .order_by(Letter.deadline_at.desc(), Letter.id.desc()))
    return sorted(rows, key=lambda letter: letter.state != workflow.OPEN)


def letters_of_team(person_id: int, standing_in: Iterable[int] = ()) -> list[tuple[Letter, frozenset[str]]]:
    """The letters somebody works on, newest first, with their roles; "deputy" on those of `standing_in`."""
    roles: dict[int, set[str]] = {letter_id: {"deputy"} for letter_id in standing_in}
    for letter_id, role in db.session.execute(
            select(TeamMember.letter_id, TeamMember.role)
            .where(TeamMember.person_id == person_id, TeamMember.left_at.is_(None))):
        roles.setdefault(letter_id, set()).add(role)
    letters = db.session.scalars(select(Letter).where(Letter.id.in_(roles))
                                 .order_by(Letter.created_at.desc(), Letter.id.desc()))
    return [(letter, frozenset(roles[letter.id])) for letter in letters]


def roles_of(person_id: int) -> frozenset[tuple[int, Role]]:
    """Every (letter id, role) a person has now."""
    rows = db.session.execute(select(TeamMember.letter_id, TeamMember.role)
                              .where(TeamMember.person_id == person_id, TeamMember.left_at.is_(None)))
    return frozenset((letter_id, Role(role)) for letter_id, role in rows)


def due_to_close(now: datetime) -> list[int]:
    """Ids of open letters whose deadline has passed."""
    return list(db.session.scalars(select(Letter.id).where(
        Letter.state == workflow.OPEN, Letter.deadline_at.is_not(None), Letter.deadline_at <= now)))


def version_by_number(letter: Letter, number: int) -> Version | None:
    """A published version of the letter."""
    return next((version for version in letter.versions
                 if version.number == number and version.state == "published"), None)


def versions_after(letter: Letter, version: Version) -> list[Version]:
    """The versions published after this one, oldest first."""
    return [later for later in letter.versions if later.state == "published" and later.number > version.number]


def published_before(letter: Letter, version: Version) -> Version | None:
    """The version that was published before this one."""
    earlier = [other for other in letter.versions if other.state == "published" and other.number < version.number]
    return earlier[-1] if earlier else None


def overrides_of(version: Version) -> list[ClaimOverride]:
    """The claims of a version that were let stand."""
    return list(db.session.scalars(select(ClaimOverride).where(ClaimOverride.version_id == version.id)
                                   .order_by(ClaimOverride.id)))


class Seen(Protocol):
    """What is asked of a letter to know who sees it: the letter itself, or a glance at it."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def reach(self) -> str: ...
    @property
    def releases_at(self) -> datetime | None: ...
    @property
    def deadline_at(self) -> datetime | None: ...


def subject_of(letter: Seen, **more: Any) -> Subject:
    """The letter as the policy sees it; `more` adds what else the question is about."""
    return Subject(letter_id=letter.id, reach=letter.reach, is_public_stage=letter.state in workflow.SEEN,
                   releases_at=letter.releases_at, now=clock.now(), **more)


def what_can_be_done(actor: Actor, letter: Letter) -> frozenset[str]:
    """The actions of the letter's workflow that this actor may take now: what pages offer."""
    subject, table = subject_of(letter), workflow.WORKFLOW
    return frozenset(action for action in table.actions
                     if table.allows(action, letter.state) and permits(actor, table.permission(action), subject))


def source_to_publish(letter: Letter) -> str:
    """The source file that publishing the draft now would freeze; "" when there is no draft."""
    draft = letter.draft
    if draft is None:
        return ""
    return source_of(language=draft.language, subject=letter.subject, body=draft.body,
                     addressees=recipients_of(letter, "addressee"), copies=recipients_of(letter, "copy"))


def sources_to_publish(letter: Letter) -> dict[str, str]:
    """The source files by language that publishing the draft now would freeze, the governing one first."""
    draft = letter.draft
    if draft is None:
        return {}
    governing = source_to_publish(letter)
    named = (draft.language, sha256_of(governing))
    addressees, copies = recipients_of(letter, "addressee"), recipients_of(letter, "copy")
    return {draft.language: governing, **{
        other.language: source_of(
            language=other.language, subject=other.subject, body=other.body, governing=named,
            addressees=other.addressees or addressees, copies=other.copies or copies)
        for other in draft.translations}}


def stamp_to_publish(letter: Letter) -> str:
    """The hash of all source files together; with one language, of the one."""
    return sha256_of("".join(sources_to_publish(letter).values()))


def changed_languages(letter: Letter, version: Version) -> frozenset[str]:
    """The languages whose text differs in this version from the one published before it."""
    before = published_before(letter, version)
    old = _sources(before) if before is not None else {}
    new = _sources(version)
    return frozenset(language for language in old.keys() | new.keys() if old.get(language) != new.get(language))


def _sources(version: Version) -> dict[str, str]:
    return {version.language: version.sha256, **{other.language: other.sha256 for other in version.translations}}


def recipients_of(letter: Letter, kind: str) -> list[str]:
    """The letter's addressees ("addressee") or copies ("copy"), as blocks of lines, in order."""
    return [recipient.text for recipient in letter.recipients if recipient.kind == kind]


def reaches_everyone(letter: Seen) -> bool:
    """Whether a stranger may see the letter now."""
    return permits(VISITOR, Permission.LETTER_SEE, subject_of(letter))


def hold_as_it_is(letter: Letter) -> None:
    """Read the letter's state anew and keep others from changing it until this transaction ends; signers do not
    keep each other waiting. So nobody signs in the moment the letter is being closed."""
    db.session.refresh(letter, with_for_update={"read": True})


def hold_for_signing(letter_id: int) -> bool:
    """The same by the id alone, for whoever needs nothing else of the letter: whether a signature counts now."""
    rows = _TO_HOLD.run(letter_id=letter_id)
    return bool(rows) and _is_open(*rows[0])


def is_open_for_signing(letter: Seen) -> bool:
    """Whether a signature given this second counts: open, and before the deadline."""
    return _is_open(letter.state, letter.deadline_at)


def _is_open(state: str, deadline_at: datetime | None) -> bool:
    return state == workflow.OPEN and deadline_at is not None and clock.now() < deadline_at
