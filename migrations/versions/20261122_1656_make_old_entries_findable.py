"""Search keys for entries that were written before there were any."""

from __future__ import annotations

import unicodedata
from itertools import groupby

import sqlalchemy as sa
from alembic import op
from anyascii import anyascii

revision = "20261122_1656"
down_revision = "20261122_1655"
branch_labels = None
depends_on = None

_SAME = str.maketrans({"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": None, "'": None, "’": None, "ʼ": None})
_ENTRIES = sa.table("endorsement_entries", sa.column("id", sa.Integer), sa.column("organisation", sa.String),
                    sa.column("other_script", sa.String), sa.column("signatory", sa.String),
                    sa.column("search_key", sa.Text))


def upgrade() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.select(_ENTRIES).where(_ENTRIES.c.search_key == "")).all()
    for row in rows:
        connection.execute(sa.update(_ENTRIES).where(_ENTRIES.c.id == row.id).values(
            search_key=_key(f"{row.organisation} {row.other_script} {row.signatory}")))


def downgrade() -> None:
    """The column goes with the migration before this one."""


def _key(names: str) -> str:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", names) if not unicodedata.combining(sign))
    folded = bare.casefold().translate(_SAME)
    words = "".join(sign if sign.isalnum() else " " for sign in folded).split()
    latin = [_marks(word) for word in words if word.isascii() and _marks(word)]
    other = [_marks(word) for word in words if not word.isascii() and _marks(word)]
    return " ".join((*(_in_latin(word) for word in words), "|", *(word for word in words if not word.isascii()),
                     "~", *latin, "^", *other, ""))


def _in_latin(word: str) -> str:
    return "".join(sign for sign in anyascii(word).casefold() if sign.isalnum())


def _marks(word: str) -> str:
    text = _in_latin(word)
    for written, kept in (("ch", "c"), ("gh", "g"), ("kh", "k"), ("sh", "s"), ("th", "t"), ("zh", "z"), ("dh", "z"),
                          ("q", "k")):
        text = text.replace(written, kept)
    single = "".join(letter for letter, _same in groupby(text))
    marks = "".join(letter for letter in single if letter not in "aeiouywh")
    return marks if len(marks) > 1 else ""
