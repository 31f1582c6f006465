"""What is done with a letter: begin, edit, publish its text, open, extend, close, reopen, end."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from coalition import clock
from coalition.access.actor import SYSTEM, Actor, Kind, Role
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.accounts.models import Person
from coalition.accounts.operations import end_sessions
from coalition.audit import chain
from coalition.db import db
from coalition.errors import Invalid, Stale, WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries
from coalition.letters.models import ClaimOverride, Letter, Recipient, TeamMember, Version
from coalition.letters.slugs import slug_for
from coalition.letters.source import sha256_of
from coalition.letters.text import checked_text, require_drawable
from coalition.letters.translating import begin_draft
from coalition.letters.workflow import WORKFLOW
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule

#: What `edit` may set, beside recipients.
DETAILS = ("subject", "language", "letterhead", "place", "date_text", "dated_on", "closing", "deadline_zone", "reach",
           "releases_at", "ignore_articles")


def create(actor: Actor, *, subject: str, language: str = "en", letterhead: str = "",
           source_sha256: str | None = None) -> Letter:
    """Begin a letter. Its maker, if a person, is its first coordinator."""
    demand(actor, Permission.LETTER_CREATE, Subject())
    if not subject.strip():
        raise Invalid(_("Give the letter a subject."), {"subject": _("Enter the subject of the letter.")})
    letter = Letter(slug=slug_for(subject, queries.is_taken), subject=subject.strip(), language=language,
                    letterhead=letterhead, link_secret=secrets.token_urlsafe(24), state="draft",
                    source_sha256=source_sha256, created_at=clock.now(), rule=Rule.NETWORKS_FIRST.value)
    db.session.add(letter)
    db.session.flush()
    db.session.add(Version(letter_id=letter.id, number=1, state="draft", language=language,
                           created_at=clock.now()))
    chain.record(actor, "letter.created", "letter", letter.id, letter_id=letter.id, source_sha256=source_sha256)
    if actor.kind is Kind.PERSON and actor.person_id is not None:
        _join(actor, letter, actor.person_id, Role.COORDINATOR)
    db.session.flush()
    db.session.refresh(letter)
    return letter


def edit(actor: Actor, letter: Letter, *, addressees: Sequence[str] | None = None,
         copies: Sequence[str] | None = None, seen: int | None = None, **details: object) -> None:
    """Change details and recipients. `seen` is the letter's `edits` on the page the change was made from.

    Raises `Stale` if it changed since; `WrongState` for what a published text has already fixed.
    """
    demand(actor, Permission.LETTER_EDIT, queries.subject_of(letter))
    WORKFLOW.check("edit", letter.state)
    if seen is not None and seen != letter.edits:
        raise Stale(_("Somebody else changed these details since you opened the page. Nothing was saved: "
                    "look at theirs first, then make your change again."))
    unknown = set(details) - set(DETAILS)
    if unknown:
        raise KeyError(f"a letter has no {sorted(unknown)}")
    _refuse_translated_language(letter, str(details.get("language") or letter.language))
    changed = []
    for name, value in details.items():
        if getattr(letter, name) != value:
            setattr(letter, name, value)
            changed.append(name)
    for kind, texts in (("addressee", addressees), ("copy", copies)):
        if texts is not None and _set_recipients(letter, kind, texts):
            changed.append(kind)
    if "language" in changed and letter.draft:
        letter.draft.language = letter.language
    if changed:
        letter.edits += 1
        chain.record(actor, "letter.edited", "letter", letter.id, letter_id=letter.id, changed=sorted(changed))


def write_draft(actor: Actor, letter: Letter, body: str, *, seen: int | None = None) -> Version:
    """Keep the text being worked on. `seen` is the draft's `edits` on the page it was written from.

    Raises `Invalid` for a text that cannot be shown safely, `Stale` if somebody else wrote meanwhile.
    """
    demand(actor, Permission.LETTER_EDIT, queries.subject_of(letter))
    WORKFLOW.check("edit", letter.state)
    text = checked_text(body)
    if letter.draft is not None and seen is not None and seen != letter.draft.edits:
        raise Stale(_("Somebody else changed the text since you opened it. Yours was not saved over theirs: "
                    "compare the two, then save again."))
    draft = begin_draft(letter)
    draft.body = text
    db.session.flush()
    return draft


def publish(actor: Actor, letter: Letter, *, change: str = "first", note: str = "",
            seen_sha256: str | None = None) -> Version:
    """Freeze the draft as the version that is signed from now on.

    The first version is declared "first"; each later one "editorial" or "substantive" with a note of what
    changed. `seen_sha256` is the hash of the source on the page it was published from. Raises `Invalid` when
    there is nothing to publish or the declaration is missing, `Stale` when the source is another one by now.
    """
    demand(actor, Permission.LETTER_EDIT, queries.subject_of(letter))
    WORKFLOW.check("publish", letter.state)
    draft, before = letter.draft, letter.published
    if draft is None or not draft.body.strip():
        raise Invalid(_("There is no new text to publish: write the text first."))
    if not any(recipient.kind == "addressee" for recipient in letter.recipients):
        raise Invalid(_("Name at least one addressee first: signers agree to whom the letter goes."))
    if before is not None and change not in ("editorial", "substantive"):
        raise Invalid(_("Say whether the change is editorial or substantive."),
                      {"change": _("Choose one: people have signed the text before.")})
    if before is not None and not note.strip():
        raise Invalid(_("Say in a sentence what changed: signatories are told."),
                      {"note": _("Say in a sentence what changed.")})
    draft.subject = letter.subject
    draft.addressees_json = _as_json(letter, "addressee")
    draft.copies_json = _as_json(letter, "copy")
    if seen_sha256 is not None and seen_sha256 != queries.stamp_to_publish(letter):
        raise Stale(_("Somebody else changed the text or the recipients since you opened the page. Nothing was "
                    "published: read it again first."))
    _freeze_sources(letter, draft)
    if before is not None and not queries.changed_languages(letter, draft):
        raise Invalid(_("This text is the same as the one published already."))
    draft.change = change if before is not None else "first"
    draft.note, draft.state, draft.published_at = note.strip(), "published", clock.now()
    letter.edits += 1
    chain.record(actor, "version.published", "letter", letter.id, letter_id=letter.id, number=draft.number,
                 sha256=draft.sha256, change=draft.change, private={"note": note})
    return draft


def _freeze_sources(letter: Letter, draft: Version) -> None:
    """Write down the source file of each language with its hash. Raises `Invalid` for what cannot be printed."""
    sources = queries.sources_to_publish(letter)
    for source in sources.values():
        require_drawable(source)
    draft.source = sources.pop(draft.language)
    draft.sha256 = sha256_of(draft.source)
    for language, source in sources.items():
        translation = draft.translation(language)
        if translation is not None:
            translation.source, translation.sha256 = source, sha256_of(source)


def add_to_team(actor: Actor, letter: Letter, person: Person, role: Role) -> None:
    """Let somebody work on the letter. A second time changes nothing."""
    demand(actor, Permission.TEAM_CHOOSE, queries.subject_of(letter))
    if not person.active:
        raise WrongState(_("This person's access has ended: restore it first."))
    _join(actor, letter, person.id, role)


def remove_from_team(actor: Actor, letter: Letter, person: Person, role: Role) -> None:
    """End somebody's role on the letter, and their sessions unless they go by themselves. Raises `WrongState` for the
    letter's last coordinator."""
    demand(actor, Permission.TEAM_CHOOSE, queries.subject_of(letter))
    member = _member(letter.id, person.id, role)
    if member is None:
        return
    coordinators = [other for other in letter.team if other.role == Role.COORDINATOR]
    if role is Role.COORDINATOR and len(coordinators) <= 1:
        raise WrongState(_("This is the letter's last coordinator: add another one first."))
    member.left_at = clock.now()
    if actor.person_id != person.id:
        end_sessions(person)
    chain.record(actor, "team.left", "letter", letter.id, letter_id=letter.id, person=person.id, role=role.value)


def open_letter(actor: Actor, letter: Letter, *, deadline_at: datetime, zone: str) -> None:
    """Open the letter for signing until the deadline. Raises `Invalid` naming everything that is missing."""
    demand(actor, Permission.LETTER_RUN, queries.subject_of(letter))
    row = WORKFLOW.check("open", letter.state)
    missing = what_is_missing(letter, actor)
    if missing:
        raise Invalid(_("This letter cannot be opened yet. %(missing)s", missing=" ".join(missing)))
    _require_future(deadline_at)
    letter.deadline_at, letter.deadline_zone, letter.closed_at = deadline_at, zone, None
    letter.state = row.target or letter.state
    published = letter.published
    chain.record(actor, "letter.opened", "letter", letter.id, letter_id=letter.id,
                 version=published.number if published else 0, deadline=deadline_at.isoformat(),
                 coordinators=sum(member.role == Role.COORDINATOR for member in letter.team))


def what_is_missing(letter: Letter, actor: Actor) -> list[str]:
    """What a letter still needs before it can be opened, in words; empty when nothing."""
    missing = []
    if letter.published is None:
        missing.append(_("Publish the text."))
    if not any(recipient.kind == "addressee" for recipient in letter.recipients):
        missing.append(_("Name an addressee."))
    if not letter.team and actor.kind is not Kind.OPERATOR:
        missing.append(_("Choose a team."))
    return missing


def extend(actor: Actor, letter: Letter, *, deadline_at: datetime, reason: str) -> None:
    """Move the deadline of an open letter."""
    demand(actor, Permission.LETTER_RUN, queries.subject_of(letter))
    WORKFLOW.check("extend", letter.state, reason=reason)
    _require_future(deadline_at)
    before, letter.deadline_at = letter.deadline_at, deadline_at
    chain.record(actor, "letter.deadline_changed", "letter", letter.id, letter_id=letter.id,
                 before=before.isoformat() if before else "", after=deadline_at.isoformat(),
                 private={"reason": reason})


def close(actor: Actor, letter: Letter, *, reason: str = "") -> None:
    """End signing now."""
    demand(actor, Permission.LETTER_RUN, queries.subject_of(letter))
    row = WORKFLOW.check("close", letter.state)
    letter.state, letter.closed_at = row.target or letter.state, clock.now()
    chain.record(actor, "letter.closed", "letter", letter.id, letter_id=letter.id, by_deadline=False,
                 private={"reason": reason})


def close_at_deadline(letter_id: int) -> bool:
    """Close a letter whose deadline has passed, in the clock's name. False when somebody was faster."""
    letter = db.session.scalar(select(Letter).where(Letter.id == letter_id).with_for_update())
    if letter is None or letter.id not in queries.due_to_close(clock.now()):
        return False
    row = WORKFLOW.check("close", letter.state)
    letter.state, letter.closed_at = row.target or letter.state, letter.deadline_at
    chain.record(SYSTEM, "letter.closed", "letter", letter.id, letter_id=letter.id, by_deadline=True)
    return True


def reopen(actor: Actor, letter: Letter, *, deadline_at: datetime, reason: str) -> None:
    """Open a closed or archived letter again until a new deadline."""
    demand(actor, Permission.LETTER_RUN, queries.subject_of(letter))
    row = WORKFLOW.check("reopen", letter.state, reason=reason)
    if letter.erased_at is not None:
        raise WrongState(_("What was personal about this letter was erased: it cannot be opened again. Begin a new "
                           "one."))
    _require_future(deadline_at)
    letter.deadline_at, letter.closed_at, letter.state = deadline_at, None, row.target or letter.state
    chain.record(actor, "letter.reopened", "letter", letter.id, letter_id=letter.id,
                 deadline=deadline_at.isoformat(), private={"reason": reason})


def archive(actor: Actor, letter: Letter) -> None:
    """Put a closed letter away; it stays readable."""
    demand(actor, Permission.LETTER_RUN, queries.subject_of(letter))
    letter.state = WORKFLOW.check("archive", letter.state).target or letter.state
    chain.record(actor, "letter.archived", "letter", letter.id, letter_id=letter.id)


def cancel(actor: Actor, letter: Letter, *, reason: str) -> None:
    """Give the letter up, for good."""
    demand(actor, Permission.LETTER_RUN, queries.subject_of(letter))
    letter.state = WORKFLOW.check("cancel", letter.state, reason=reason).target or letter.state
    letter.closed_at = letter.closed_at or clock.now()
    chain.record(actor, "letter.cancelled", "letter", letter.id, letter_id=letter.id, private={"reason": reason})


def choose_order(actor: Actor, letter: Letter, *, rule: Rule, grouping: Grouping, ignore_articles: bool,
                 moved: int = 0) -> None:
    """Say how the signatory list is ordered and grouped. `moved` counts entries arranged by hand with it."""
    demand(actor, Permission.LIST_ARRANGE, queries.subject_of(letter))
    WORKFLOW.check("edit", letter.state)
    letter.rule, letter.grouping, letter.ignore_articles = rule.value, grouping.value, ignore_articles
    letter.edits += 1
    chain.record(actor, "letter.arranged", "letter", letter.id, letter_id=letter.id, rule=rule.value,
                 grouping=grouping.value, moved=moved)


def set_goal(actor: Actor, letter: Letter, goal: int | None) -> None:
    """Say how many approved signatures are hoped for; None for no number."""
    demand(actor, Permission.LETTER_EDIT, queries.subject_of(letter))
    WORKFLOW.check("edit", letter.state)
    before, letter.goal = letter.goal, goal
    if before != goal:
        chain.record(actor, "letter.goal_set", "letter", letter.id, letter_id=letter.id, before=before, after=goal)


def override_claim(actor: Actor, letter: Letter, version: Version, *, words: str, reason: str) -> None:
    """Let a claim of this version stand although the list does not bear it out; the note prints the reason."""
    demand(actor, Permission.CLAIM_OVERRIDE, queries.subject_of(letter))
    if not reason.strip():
        raise Invalid(_("Give the reason: the document's note prints it."),
                      {"reason": _("Give the reason: the document's note prints it.")})
    if any(override.words == words for override in queries.overrides_of(version)):
        return
    db.session.add(ClaimOverride(version_id=version.id, words=words[:400], reason=reason.strip(),
                                 by=actor.reference, at=clock.now()))
    chain.record(actor, "claim.overridden", "letter", letter.id, letter_id=letter.id, version=version.number,
                 private={"words": words, "reason": reason})


def _refuse_translated_language(letter: Letter, language: str) -> None:
    if letter.draft is not None and letter.draft.translation(language) is not None:
        message = _("There is a translation into this language: remove it first, then make it the letter's own.")
        raise Invalid(message, {"language": message})


def _require_future(deadline_at: datetime) -> None:
    if deadline_at <= clock.now():
        raise Invalid(_("The deadline must lie in the future."),
                      {"deadline": _("Enter a date and time still to come.")})


def _set_recipients(letter: Letter, kind: str, texts: Sequence[str]) -> bool:
    wanted = [text.strip() for text in texts if text.strip()]
    have = [recipient for recipient in letter.recipients if recipient.kind == kind]
    if [recipient.text for recipient in have] == wanted:
        return False
    for recipient in have:
        letter.recipients.remove(recipient)
    for position, text in enumerate(wanted, start=1):
        letter.recipients.append(Recipient(kind=kind, position=position, text=text))
    return True


def _as_json(letter: Letter, kind: str) -> str:
    return json.dumps(queries.recipients_of(letter, kind), ensure_ascii=False)


def _member(letter_id: int, person_id: int, role: Role) -> TeamMember | None:
    return db.session.scalar(select(TeamMember).where(
        TeamMember.letter_id == letter_id, TeamMember.person_id == person_id, TeamMember.role == role.value,
        TeamMember.left_at.is_(None)))


def _join(actor: Actor, letter: Letter, person_id: int, role: Role) -> None:
    if _member(letter.id, person_id, role) is not None:
        return
    db.session.add(TeamMember(letter_id=letter.id, person_id=person_id, role=role.value, joined_at=clock.now()))
    db.session.flush()
    db.session.expire(letter, ["team"])
    chain.record(actor, "team.joined", "letter", letter.id, letter_id=letter.id, person=person_id, role=role.value)
