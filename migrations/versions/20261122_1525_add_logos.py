"""Logos of letterheads, kept by their hash, and which one a letter carries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_1525"
down_revision = "20261122_1430"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "logos",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_logos"),
    )
    op.add_column("letters", sa.Column("logo_sha256", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("letters", "logo_sha256")
    op.drop_table("logos")
