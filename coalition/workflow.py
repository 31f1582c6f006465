"""States and transitions as data. Pure: no database, no time of day. Rooms hold their own tables of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coalition.access.permissions import Permission
from coalition.errors import Invalid, WrongState
from coalition.i18n import gettext as _
from coalition.i18n import lazy_gettext as _l


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: `action` leads from any of `sources` to `target` (None: unchanged).

    `letter` names the states of the letter it works in; empty means it does not ask.
    """

    action: str
    sources: frozenset[str]
    target: str | None
    permission: Permission
    needs_reason: bool = False
    letter: frozenset[str] = frozenset()


_WHILE_THE_LETTER_IS: dict[str, str] = {
    "draft": _l("This cannot be done while the letter is a draft."),
    "open": _l("This cannot be done while the letter is open."),
    "closed": _l("This cannot be done while the letter is closed."),
    "archived": _l("This cannot be done while the letter is archived."),
    "cancelled": _l("This cannot be done: the letter is cancelled."),
}


class Workflow:
    """A table of transitions that can be asked; every pair that is not a row is refused.

    `refusals` say why for each state the subject can be in.
    """

    def __init__(self, subject: str, rows: Iterable[Transition],
                 refusals: Mapping[str, str] | None = None) -> None:
        self.subject = subject
        self.rows = tuple(rows)
        self._by_action: dict[str, list[Transition]] = {}
        for row in self.rows:
            self._by_action.setdefault(row.action, []).append(row)
        self._refusals = refusals or {}

    @property
    def actions(self) -> tuple[str, ...]:
        return tuple(self._by_action)

    def permission(self, action: str) -> Permission:
        return self._by_action[action][0].permission

    def check(self, action: str, state: str, *, reason: str = "", letter: str | None = None) -> Transition:
        """The row that applies. Raises `WrongState` when none does, `Invalid` when a reason is missing."""
        for row in self._by_action[action]:
            if state in row.sources and (letter is None or not row.letter or letter in row.letter):
                if row.needs_reason and not reason.strip():
                    raise Invalid(_("Give a reason: it is kept with the decision."),
                                  {"reason": _("Give a reason, in a sentence the reader will understand.")})
                return row
        raise WrongState(self._refusal(action, state, letter))

    def allows(self, action: str, state: str, letter: str | None = None) -> bool:
        """Whether the action is possible in this state (a reason aside)."""
        return any(state in row.sources and (letter is None or not row.letter or letter in row.letter)
                   for row in self._by_action[action])

    def _refusal(self, action: str, state: str, letter: str | None) -> str:
        if letter is not None and any(state in row.sources for row in self._by_action[action]):
            return str(_WHILE_THE_LETTER_IS[letter])
        return str(self._refusals.get(state) or _("This cannot be done now."))
