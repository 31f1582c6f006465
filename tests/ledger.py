"""What the log alone says: states, lists and versions told again from its entries, one after the other.

It asks none of the rooms, so that what they say can be held against it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from coalition.audit.queries import Event


@dataclass
class Told:
    """What the log says about one endorsement. `typed` holds who was named in each revision, by whoever wrote it."""

    state: str = ""
    visibility: str = ""
    latest: int = 0
    approved: int = 0
    version: int = 0
    agreed: bool = False
    by_hand_of: str = ""
    typed: dict[int, str] = field(default_factory=dict)
    before: list[tuple[str, int]] = field(default_factory=list)

    @property
    def standing(self) -> tuple[str, str, int, int, int]:
        return self.state, self.visibility, self.latest, self.approved, self.version


class Ledger:
    """Endorsements and versions as the log tells them. `acts_for` holds (actor, organisation) pairs."""

    def __init__(self) -> None:
        self.endorsements: dict[int, Told] = {}
        self.versions: list[tuple[int, str]] = []
        self.letter = "draft"
        self.acts_for: set[tuple[str, str]] = set()

    def take_up(self, event: Event, typed: str = "") -> None:
        """Go on by one entry; `typed` is the name that was written with it, if one was."""
        room, _dot, act = event.action.partition(".")
        if room == "endorsement" and hasattr(self, f"_{act}"):
            told = self.endorsements.setdefault(event.subject_id, Told())
            getattr(self, f"_{act}")(told, event.facts, event)
            if typed and act in ("signed", "entered", "edited", "amended"):
                told.typed[told.latest] = typed
        elif event.action == "version.published":
            self.versions.append((event.facts["number"], event.facts["change"]))
        elif room == "letter":
            self.letter = {"opened": "open", "reopened": "open", "closed": "closed", "archived": "archived"}.get(
                act, self.letter)

    def listed_versions(self) -> set[int]:
        """The newest text and those from which only editorial changes lead to it."""
        found: set[int] = set()
        for number, change in reversed(self.versions):
            found.add(number)
            if change == "substantive":
                break
        return found

    def on_the_list(self, *visibilities: str) -> dict[int, str]:
        """The names that may be printed for such readers, by endorsement."""
        versions = self.listed_versions()
        return {number: told.typed[told.approved] for number, told in self.endorsements.items()
                if told.state == "approved" and told.version in versions and told.visibility in visibilities}

    def _signed(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        told.state, told.visibility, told.latest = "unconfirmed", facts["visibility"], facts["revision"]
        told.version, told.by_hand_of = facts["version"], ""

    def _entered(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        self._signed(told, facts, event)
        told.state, told.agreed, told.by_hand_of = "submitted", True, event.actor

    def _confirmed(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        told.state, told.agreed = "submitted", True

    def _edited(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        told.state, told.latest, told.by_hand_of = facts["after"], facts["revision"], ""

    def _amended(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        told.latest, told.by_hand_of = facts["revision"], ""
        if facts["line_taken_down"]:
            told.state, told.approved = "submitted", 0

    def _amendment_withdrawn(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        told.latest += 1
        told.typed[told.latest] = told.typed[told.approved]
        told.approved = told.latest

    _amendment_turned_down = _amendment_withdrawn

    def _visibility_changed(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        assert facts["before"] == told.visibility, "the log tells of another visibility before"
        told.visibility = facts["after"]

    def _approved(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        assert facts["before"] == told.state, "the log tells of another state before"
        assert told.agreed, "approved without anybody's word that they agreed"
        assert facts["revision"] == told.latest, "approved was another entry than the one that was looked at"
        assert event.actor != told.by_hand_of, "approved by who entered it"
        assert (event.actor, told.typed[told.latest]) not in self.acts_for, "approved by who acts for it"
        self._decided(told, "approved", told.latest)

    def _returned(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        self._decided(told, "returned", 0)

    def _declined(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        self._decided(told, "declined", 0)

    def _decided(self, told: Told, state: str, approved: int) -> None:
        told.before.append((told.state, told.approved))
        told.state, told.approved = state, approved

    def _decision_taken_back(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        told.state, told.approved = told.before.pop()
        assert told.state == facts["after"], "what was taken back was another decision"

    def _withdrawn(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        told.state = "withdrawn"

    def _reinstated(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        told.state, told.approved = "submitted", 0

    def _reconfirmed(self, told: Told, facts: dict[str, Any], event: Event) -> None:
        assert facts["before"] == told.version, "the log tells of another version before"
        told.version = facts["version"]
