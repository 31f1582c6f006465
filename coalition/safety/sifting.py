"""Signing in a hostile world: every sign-on is counted, and one that looks like many from one hand is kept aside
without telling its sender. Coordinators release or discard what was kept."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select

from coalition import clock
from coalition.access.actor import Actor, signer
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.accounts.models import Link
from coalition.audit import chain
from coalition.config import setting
from coalition.db import db
from coalition.endorsements import confirmation, operations, signing, workflow
from coalition.endorsements.models import Endorsement
from coalition.endorsements.signing import Signature
from coalition.errors import WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.mail import outbox, refusing
from coalition.organisations.domains import own_domain
from coalition.prepared import Prepared, adding
from coalition.safety.models import FROM_A_DOMAIN, FROM_A_NETWORK, KeptAside, SignOn

KEPT, RELEASED, DISCARDED = "kept", "released", "discarded"
#: Why one is kept aside: many from one network address, many from one mail domain.
NETWORK, DOMAIN = "network", "domain"
_BURST, _DAY, _WEEK = timedelta(minutes=5), timedelta(days=1), timedelta(days=7)

_SIGN_ONS = SignOn.__table__
_ADD = adding(_SIGN_ONS)
_COUNT = select(func.count()).select_from(_SIGN_ONS)
#: How many came from one network and from one domain; nobody's are not counted.
_LATELY = Prepared(select(
    _COUNT.where(FROM_A_NETWORK, _SIGN_ONS.c.network == bindparam("network"),
                 _SIGN_ONS.c.came_at > bindparam("burst")).scalar_subquery(),
    _COUNT.where(FROM_A_DOMAIN, _SIGN_ONS.c.domain == bindparam("domain"),
                 _SIGN_ONS.c.came_at > bindparam("day")).scalar_subquery()))

#: Networks inside a house: whoever comes from there came through a proxy that hides them all.
_INSIDE = tuple(ipaddress.ip_network(block) for block in (
    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::1/128",
    "fc00::/7", "fe80::/10"))


@dataclass(frozen=True, slots=True)
class SignOnForm:
    """A form that was looked at, and where it came from."""

    signature: Signature
    network: str
    domain: str


def prepare(actor: Actor, letter: Letter, *, network_address: str, **form: Any) -> SignOnForm:
    """Look at a form, as `endorsements.signing.prepare` does, which see, before anything is stored. `network_address`
    is the sender's, used for a keyed hash only."""
    signature = signing.prepare(actor, letter, **form)
    return SignOnForm(signature, network_key(network_address), own_domain(signature.contact.email))


def sign(form: SignOnForm) -> None:
    """Keep a signature as `endorsements.signing.store` does, which see; the answer is the same for one that is kept
    aside."""
    outcome = signing.store(form.signature)
    if outcome.is_repeat:
        return
    reasons, now = _what_looks_wrong(form.network, form.domain), clock.now()
    db.session.flush()
    _ADD.run(letter_id=form.signature.letter_id, endorsement_id=outcome.endorsement_id, network=form.network,
             domain=form.domain, came_at=now)
    if outcome.endorsement_id is not None and reasons:
        _keep_aside(form.signature.actor, operations.get(outcome.endorsement_id), reasons)


def refuse(link: Link) -> None:
    """The owner of an address did not sign and wants no such mails: the sign-on is withdrawn, and no form mails
    anything to the address from now on. Raises `LinkNotValid` for a link that was used."""
    endorsement = operations.get(links.endorsement_of(link))
    links.use_up(link)
    refusing.refuse(link.address)
    operations.withdraw(signer(endorsement.id), endorsement, tell=False)
    chain.record(signer(endorsement.id), "mail.refused", "endorsement", endorsement.id,
                 letter_id=endorsement.letter_id)


def release(actor: Actor, kept: KeptAside) -> None:
    """Send the confirmation after all: from now on it is a sign-on like any other. Raises `WrongState` when the letter
    cannot be signed any more, or it is no longer waiting for this."""
    endorsement = kept.endorsement
    demand(actor, Permission.SIGN_ONS_SIFT, letter_queries.subject_of(endorsement.letter))
    if not letter_queries.is_open_for_signing(endorsement.letter):
        raise WrongState(_("This letter is not open for signing: there is nothing to confirm any more."))
    _decide(actor, kept, RELEASED)
    endorsement.kept_aside_at = None
    email = endorsement.signer.email if endorsement.signer is not None else ""
    if email and not refusing.is_refused(email):
        secret = links.make(Purpose.CONFIRM, f"endorsement:{endorsement.id}", email)
        outbox.put(confirmation.confirm(endorsement, secret))


def discard(actor: Actor, kept: KeptAside) -> None:
    """Say that it is not worth an answer: nothing is mailed, and its sender learns nothing. `take_back` undoes it."""
    demand(actor, Permission.SIGN_ONS_SIFT, letter_queries.subject_of(kept.endorsement.letter))
    _decide(actor, kept, DISCARDED)


def take_back(actor: Actor, kept: KeptAside) -> None:
    """Put one that was discarded back among those kept aside."""
    demand(actor, Permission.SIGN_ONS_SIFT, letter_queries.subject_of(kept.endorsement.letter))
    if kept.state != DISCARDED:
        raise WrongState(_("This sign-on was not discarded."))
    kept.state, kept.decided_at = KEPT, None
    chain.record(actor, "sign_on.discard_taken_back", "endorsement", kept.endorsement_id, letter_id=kept.letter_id)


def network_key(address: str) -> str:
    """A keyed hash of a network address, of the first 64 bits of a long one; "" for one inside a house."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if any(found in block for block in _INSIDE if block.version == found.version):
        return ""
    whole = str(found) if found.version == 4 else str(ipaddress.ip_network((found, 64), strict=False))
    return hmac.new(str(setting("SECRET_KEY")).encode(), f"network:{whole}".encode(), hashlib.sha256).hexdigest()[:16]


def forget_old() -> int:
    """Forget where sign-ons came from that are older than a week; says how many."""
    # All letters have an index by time, all sign-ons together have none.
    return db.session.execute(delete(SignOn).where(
        SignOn.letter_id.in_(select(Letter.id)), SignOn.came_at < clock.now() - _WEEK)
        .execution_options(synchronize_session=False)).rowcount


def _what_looks_wrong(network: str, domain: str) -> tuple[str, ...]:
    now = clock.now()
    of_network, of_domain = _LATELY.run(network=network, domain=domain, burst=now - _BURST, day=now - _DAY)[0]
    found = ((NETWORK, bool(network) and of_network >= setting("SIGN_ONS_PER_NETWORK")),
             (DOMAIN, bool(domain) and of_domain >= setting("SIGN_ONS_PER_DOMAIN")))
    return tuple(word for word, is_so in found if is_so)


def _keep_aside(actor: Actor, endorsement: Endorsement, reasons: tuple[str, ...]) -> None:
    """In the transaction that stored it, so that no worker ever saw the mail."""
    known = db.session.get(KeptAside, endorsement.id)
    if endorsement.state != workflow.UNCONFIRMED or (known is not None and known.state == RELEASED):
        return
    about = f"endorsement:{endorsement.id}"
    endorsement.kept_aside_at = clock.now()
    outbox.cancel_about(about)
    links.revoke(about, Purpose.CONFIRM)
    if known is None:
        db.session.add(KeptAside(endorsement_id=endorsement.id, letter_id=endorsement.letter_id,
                                 reasons=",".join(reasons), kept_at=clock.now()))
        chain.record(actor, "sign_on.kept_aside", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                     reasons=list(reasons))
    db.session.flush()


def _decide(actor: Actor, kept: KeptAside, state: str) -> None:
    if kept.state != KEPT or kept.endorsement.state != workflow.UNCONFIRMED:
        raise WrongState(_("This sign-on is not kept aside any more: somebody else was faster."))
    kept.state, kept.decided_at = state, clock.now()
    if state == RELEASED:
        chain.record(actor, "sign_on.released", "endorsement", kept.endorsement_id, letter_id=kept.letter_id)
    else:
        chain.record(actor, "sign_on.discarded", "endorsement", kept.endorsement_id, letter_id=kept.letter_id)
