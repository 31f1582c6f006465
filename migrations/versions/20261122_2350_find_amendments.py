"""Amendments that wait are counted by an index of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2350"
down_revision = "20261122_2325"
branch_labels = None
depends_on = None

_AMENDED = sa.text("state = 'approved' AND latest_revision <> approved_revision")


def upgrade() -> None:
    op.create_index("ix_endorsements_amended", "endorsements", ["letter_id"],
                    sqlite_where=_AMENDED, postgresql_where=_AMENDED)


def downgrade() -> None:
    op.drop_index("ix_endorsements_amended", "endorsements")
