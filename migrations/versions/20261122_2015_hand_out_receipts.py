"""What is kept of the receipts that signers hold."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2015"
down_revision = "20261122_2005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "endorsement_receipts",
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("covered", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsements.id"], name="fk_endorsement_receipts_endorsement_id"),
        sa.PrimaryKeyConstraint("endorsement_id", name="pk_endorsement_receipts"),
        sa.UniqueConstraint("code_hash", name="uq_endorsement_receipts_code_hash"),
    )


def downgrade() -> None:
    op.drop_table("endorsement_receipts")
