"""Translations of a letter carry all that is read, and files are made in several languages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_1430"
down_revision = "20261122_1410"
branch_labels = None
depends_on = None

_TEXTS = ("addressees", "copies", "source")
_SHORT = {"place": 100, "date_text": 60, "closing": 300}


def upgrade() -> None:
    with op.batch_alter_table("letter_translations") as table:
        for name in _TEXTS:
            default = "" if name == "source" else "[]"
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=default))
        for name, length in _SHORT.items():
            table.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    with op.batch_alter_table("letter_translations") as table:
        for name in (*_TEXTS, *_SHORT):
            table.alter_column(name, server_default=None)
    with op.batch_alter_table("compile_requests") as table:
        table.add_column(sa.Column("language", sa.String(length=30), nullable=False, server_default=""))
    with op.batch_alter_table("compile_requests") as table:
        table.alter_column("language", server_default=None)
    with op.batch_alter_table("renditions") as table:
        table.alter_column("language", existing_type=sa.String(length=10), type_=sa.String(length=30),
                           existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("renditions") as table:
        table.alter_column("language", existing_type=sa.String(length=30), type_=sa.String(length=10),
                           existing_nullable=False)
    with op.batch_alter_table("compile_requests") as table:
        table.drop_column("language")
    with op.batch_alter_table("letter_translations") as table:
        for name in (*_TEXTS, *_SHORT):
            table.drop_column(name)
