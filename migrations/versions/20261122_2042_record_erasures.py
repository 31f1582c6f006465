"""What was announced to be erased, and what was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2042"
down_revision = "20261122_2030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letters", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "erasures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("endorsement_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_by", sa.String(length=100), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("wiped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_erasures_letter_id"),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsements.id"], name="fk_erasures_endorsement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    op.create_index("ix_erasures_letter_id", "erasures", ["letter_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_erasures_letter_id", table_name="erasures")
    op.drop_table("erasures")
    op.drop_column("letters", "erased_at")
