"""Addresses whose owners want no mail that a form sends because a stranger typed their address: a keyed hash each,
enough to honour the wish and no more."""

from __future__ import annotations

import hashlib
import hmac

from coalition import clock
from coalition.config import setting
from coalition.db import db
from coalition.mail.models import RefusedAddress


def refuse(address: str) -> None:
    """Mail nothing to this address any more that a form would send. A second time changes nothing."""
    if not is_refused(address):
        db.session.add(RefusedAddress(address_hash=hash_of(address), refused_at=clock.now()))
        db.session.flush()


def is_refused(address: str) -> bool:
    """Whether the owner of the address asked for that."""
    return db.session.get(RefusedAddress, hash_of(address)) is not None


def hash_of(address: str) -> str:
    """What is kept of an address."""
    key = str(setting("SECURITY_PASSWORD_SALT")).encode()
    return hmac.new(key, b"mail:" + address.strip().casefold().encode("utf-8", "surrogatepass"),
                    hashlib.sha256).hexdigest()
