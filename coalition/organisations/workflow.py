"""The states of a registered organisation."""

from __future__ import annotations

from coalition.access.permissions import Permission as P
from coalition.workflow import Transition, Workflow

UNVERIFIED, VERIFIED, REJECTED, SUSPENDED, MERGED = "unverified", "verified", "rejected", "suspended", "merged"
STATES = (UNVERIFIED, VERIFIED, REJECTED, SUSPENDED, MERGED)

WORKFLOW = Workflow("organisation", (
    Transition("verify", frozenset({UNVERIFIED, REJECTED, SUSPENDED}), VERIFIED, P.ORGANISATION_VERIFY),
    Transition("unverify", frozenset({VERIFIED}), UNVERIFIED, P.ORGANISATION_VERIFY, needs_reason=True),
    Transition("reject", frozenset({UNVERIFIED}), REJECTED, P.ORGANISATION_VERIFY, needs_reason=True),
    Transition("suspend", frozenset({VERIFIED}), SUSPENDED, P.ORGANISATION_VERIFY, needs_reason=True),
))
