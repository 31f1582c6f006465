"""Holding all mail, and when worker and backup were last seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2030"
down_revision = "20261122_2019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_mail_holds"),
    )
    op.create_table(
        "sightings",
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_sightings"),
    )


def downgrade() -> None:
    op.drop_table("sightings")
    op.drop_table("mail_holds")
