"""Corrections of editions with their corrigenda and notices; where recipients are reached; when a public file went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_1605"
down_revision = "20261122_1550"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("email", sa.String(length=320), nullable=False, server_default=""))
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("email", server_default=None)
    with op.batch_alter_table("editions") as table:
        table.add_column(sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("watched", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("editions") as table:
        table.alter_column("watched", server_default=None)
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("old_id", sa.Integer(), nullable=False),
        sa.Column("new_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(length=100), nullable=False),
        sa.Column("words", sa.String(length=600), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=100), nullable=False),
        sa.Column("notices_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_corrections_letter_id"),
        sa.ForeignKeyConstraint(["old_id"], ["editions.id"], name="fk_corrections_old_id"),
        sa.ForeignKeyConstraint(["new_id"], ["editions.id"], name="fk_corrections_new_id"),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.UniqueConstraint("old_id", "new_id", name="uq_corrections_old_id_new_id"),
    )
    op.create_table(
        "corrigendum_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["correction_id"], ["corrections.id"], name="fk_corrigendum_files_correction_id"),
        sa.PrimaryKeyConstraint("id", name="pk_corrigendum_files"),
        sa.UniqueConstraint("correction_id", "language", "paper",
                            name="uq_corrigendum_files_correction_id_language_paper"),
    )
    op.create_index("ix_corrigendum_files_sha256", "corrigendum_files", ["sha256"])
    op.create_table(
        "correction_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("correction_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("endorsement_id", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(length=4), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["correction_id"], ["corrections.id"], name="fk_correction_notices_correction_id"),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_correction_notices_delivery_id"),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsements.id"], name="fk_correction_notices_endorsement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_correction_notices"),
        sa.UniqueConstraint("correction_id", "delivery_id", name="uq_correction_notices_correction_id_delivery_id"),
        sa.UniqueConstraint("correction_id", "endorsement_id",
                            name="uq_correction_notices_correction_id_endorsement_id"),
    )


def downgrade() -> None:
    op.drop_table("correction_notices")
    op.drop_table("corrigendum_files")
    op.drop_table("corrections")
    with op.batch_alter_table("editions") as table:
        table.drop_column("watched")
        table.drop_column("taken_down_at")
    with op.batch_alter_table("deliveries") as table:
        table.drop_column("email")
