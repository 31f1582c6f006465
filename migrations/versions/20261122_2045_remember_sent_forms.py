"""Forms that were carried out, so that one sent twice is carried out once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2045"
down_revision = "20261122_2042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_forms",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("location", sa.String(length=1000), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sent_forms"),
    )


def downgrade() -> None:
    op.drop_table("sent_forms")
