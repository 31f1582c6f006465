"""Each act of the log says on which letter's public pages it can be seen, so that sign-ons throw none of them away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2325"
down_revision = "20261122_2310"
branch_labels = None
depends_on = None

_SEEN = sa.text("seen_on IS NOT NULL")


def upgrade() -> None:
    # Entries from before have none, which is as good: no page is older than the process that keeps it.
    # Not in a batch: that would make the table anew, without its triggers.
    op.add_column("audit_entries", sa.Column("seen_on", sa.Integer(), nullable=True))
    op.create_index("ix_audit_entries_seen_on", "audit_entries", ["seen_on", "sequence"],
                    sqlite_where=_SEEN, postgresql_where=_SEEN)


def downgrade() -> None:
    op.drop_index("ix_audit_entries_seen_on", "audit_entries")
    op.drop_column("audit_entries", "seen_on")
