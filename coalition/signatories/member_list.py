"""A network's member list: its names, those on it twice, and whether it bears out what the network says. Pure.

How members are counted is in `counting.py`; where a list comes from is not known here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from coalition.signatories.entry import Exactness, Statement, Unit
from coalition.signatories.names import identity_key


@dataclass(frozen=True, slots=True)
class MemberList:
    """The distinct names in their order, and those that stand on the list more than once."""

    names: tuple[str, ...]
    repeated: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)


def member_list(names: tuple[str, ...]) -> MemberList:
    """The list without repetitions; two spellings that differ by typography only are one name."""
    keys = [(identity_key(name), name) for name in names]
    first: dict[str, str] = {}
    for key, name in keys:
        if key:
            first.setdefault(key, name)
    often = Counter(key for key, _name in keys if key)
    return MemberList(tuple(first.values()), tuple(name for key, name in first.items() if often[key] > 1))


def bears_out(statement: Statement) -> bool:
    """Whether the member list bears out the number that is stated; true where there is nothing to compare: no
    number, no list, or a number of something else than organisations."""
    if statement.count is None or not statement.members or statement.unit is not Unit.ORGANISATIONS:
        return True
    listed = len(member_list(statement.members))
    if statement.exactness is Exactness.MORE_THAN:
        return listed > statement.count
    if statement.exactness is Exactness.NEARLY:
        return listed <= statement.count
    return listed == statement.count
