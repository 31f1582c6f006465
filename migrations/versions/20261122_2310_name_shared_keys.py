"""The database knows a name of each key that all machines must have alike."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2310"
down_revision = "20261122_2305"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shared_keys",
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_shared_keys"),
    )


def downgrade() -> None:
    op.drop_table("shared_keys")
