"""When a signatory was taken off at once, and mails that must not say what they are about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2018"
down_revision = "20261122_2015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("endorsements", sa.Column("taken_off_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("hushed", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("outbox", "hushed")
    op.drop_column("endorsements", "taken_off_at")
