"""Mailed links: made, looked up, used up, revoked. The secret itself is never stored."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select, update

from coalition import clock
from coalition.accounts.models import Link
from coalition.apart import Share
from coalition.audit.queries import NEWEST_MOMENT
from coalition.db import db
from coalition.errors import LinkNotValid
from coalition.i18n import lazy_gettext as _l
from coalition.prepared import Prepared, adding


class Purpose(StrEnum):
    CONFIRM = "confirm"  # confirm the address of an endorsement, once
    MANAGE = "manage"  # come back to one's own endorsement, as often as needed
    AUTHORISE = "authorise"  # say whether a signer may bind the organisation, once
    ENROL = "enrol"  # a member of staff sets the first password, once
    INVITE = "invite"  # see and sign a letter by a personal invitation, until a day after the letter's deadline
    STOP = "stop"  # hear no more of an invitation, or have the contact erased: a wish that never comes too late
    NEW_ADDRESS = "new-address"  # a member of staff confirms another sign-in address, once
    KEEP_ADDRESS = "keep-address"  # its old address calls the change off


LIFE: dict[Purpose, timedelta | None] = {
    Purpose.CONFIRM: timedelta(hours=72),
    Purpose.MANAGE: None,
    Purpose.AUTHORISE: timedelta(days=14),
    Purpose.ENROL: timedelta(hours=72),
    Purpose.INVITE: timedelta(days=365),
    Purpose.STOP: None,
    Purpose.NEW_ADDRESS: timedelta(hours=24),
    Purpose.KEEP_ADDRESS: timedelta(hours=24),
}

#: A clock that is so much behind the log was set back; more, and it ran ahead before.
SET_BACK = timedelta(days=2)

_LINKS, _WHOLE = Link.__table__, Share(Link)
_ADD = adding(_LINKS)
#: The link, and what the clock is held against.
_LOOK_UP = Prepared(select(*_WHOLE.columns, NEWEST_MOMENT).where(
    _LINKS.c.secret_hash == bindparam("hash"), _LINKS.c.purpose == bindparam("meant_for")))
_USE_UP = Prepared(update(_LINKS).where(
    _LINKS.c.id == bindparam("number"), _LINKS.c.used_at.is_(None), _LINKS.c.revoked_at.is_(None))
    .values(used_at=bindparam("now")).returning(_LINKS.c.id))

_NOT_VALID = _l("This link is no longer valid: it was used already, has run out, or was not copied whole. "
              "Ask for a new one with “Send me my link again”.")


def new_secret() -> str:
    """256 bits, URL-safe: what a link will be known by, for a mail that is written before the link is made."""
    return secrets.token_urlsafe(32)


def make(purpose: Purpose, subject: str, address: str, *, data: str = "", secret: str = "") -> str:
    """A new link's secret (a new one, if none was drawn before), to be put into a mail and nowhere else."""
    secret = secret or new_secret()
    now, life = clock.now(), LIFE[purpose]
    db.session.flush()
    _ADD.run(secret_hash=_hash(secret), purpose=purpose.value, subject=subject, address=address, data=data,
             created_at=now, expires_at=now + life if life else None)
    return secret


def look_up(secret: str, purpose: Purpose) -> Link:
    """The link as it stands, apart from the session, if it can still be used. Raises `LinkNotValid`, alike for every
    reason."""
    rows = _LOOK_UP.rows(hash=_hash(secret), meant_for=purpose.value)
    link = _WHOLE.row(iter(rows[0])) if rows else None
    if link is None or link.used_at or link.revoked_at or _has_run_out(link, newest=rows[0][-1]):
        raise not_valid()
    return link


def not_valid() -> LinkNotValid:
    """The refusal of a link, to be raised: alike for every reason."""
    return LinkNotValid(_NOT_VALID)


def use_up(link: Link) -> None:
    """Use a link for the one time it is good for. Of two at the same moment one gets `LinkNotValid`."""
    if not _USE_UP.run(number=link.id, now=clock.now()):
        raise not_valid()


def revoke(subject: str, *purposes: Purpose, but: int | None = None) -> None:
    """End all links of these purposes to a subject, except the one with the id `but`."""
    db.session.execute(
        update(Link).where(Link.subject == subject, Link.purpose.in_(purposes), Link.revoked_at.is_(None),
                           Link.id != (but or 0))
        .values(revoked_at=clock.now()).execution_options(synchronize_session=False))


def forget_addresses(subject: str) -> None:
    """Erase to whom links were mailed; that there were links stays."""
    db.session.execute(update(Link).where(Link.subject == subject).values(address="")
                       .execution_options(synchronize_session=False))


def invitation_of(link: Link) -> int:
    """The id of the invitation that an invite or stop link is about."""
    return int(link.subject.removeprefix("invitation:"))


def person_of(link: Link) -> int:
    """The id of the member of staff that a link is about."""
    return int(link.subject.removeprefix("person:"))


def endorsement_of(link: Link) -> int:
    """The id of the endorsement that a link of a signer or a second person is about."""
    return int(link.subject.removeprefix("endorsement:"))


def _has_run_out(link: Link, *, newest: datetime | None) -> bool:
    if link.expires_at is None:
        return False
    # A clock that was set back a little brings no link back to life: what is in the log has happened. If the log is
    # far ahead, it was the clock that ran ahead then, and no link dies of it.
    now = clock.now()
    return link.expires_at <= (newest if newest and now < newest <= now + SET_BACK else now)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
