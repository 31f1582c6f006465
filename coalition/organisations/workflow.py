"""The states of a registered organisation."""

from __future__ import annotations

from coalition.access.permissions import Permission as P
from coalition.i18n import lazy_gettext as _l
from coalition.workflow import Transition, Workflow

UNVERIFIED, VERIFIED, REJECTED, SUSPENDED, MERGED = "unverified", "verified", "rejected", "suspended", "merged"
STATES = (UNVERIFIED, VERIFIED, REJECTED, SUSPENDED, MERGED)

WORKFLOW = Workflow("organisation", (
    Transition("verify", frozenset({UNVERIFIED, REJECTED, SUSPENDED}), VERIFIED, P.ORGANISATION_VERIFY),
    Transition("unverify", frozenset({VERIFIED}), UNVERIFIED, P.ORGANISATION_VERIFY, needs_reason=True),
    Transition("reject", frozenset({UNVERIFIED}), REJECTED, P.ORGANISATION_VERIFY, needs_reason=True),
    Transition("suspend", frozenset({VERIFIED}), SUSPENDED, P.ORGANISATION_VERIFY, needs_reason=True),
), refusals={
    UNVERIFIED: _l("This organisation is not verified: that cannot be done with it now."),
    VERIFIED: _l("This organisation is verified: that cannot be done with it now."),
    REJECTED: _l("This organisation was rejected: that cannot be done with it now."),
    SUSPENDED: _l("This organisation is suspended: that cannot be done with it now."),
    MERGED: _l("This organisation was merged into another one: go to that one."),
})
