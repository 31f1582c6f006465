"""Covering letters of deliveries, and the reference a recipient gives later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_1410"
down_revision = "20261122_1200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("covering_letters",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("delivery_id", sa.Integer(), nullable=False),
    sa.Column("kind", sa.String(length=10), nullable=False),
    sa.Column("values", sa.Text(), nullable=False),
    sa.Column("sha256", sa.String(length=64), nullable=False),
    sa.Column("pdf", sa.LargeBinary(), nullable=False),
    sa.Column("docx_sha256", sa.String(length=64), nullable=False),
    sa.Column("docx", sa.LargeBinary(), nullable=True),
    sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name="fk_covering_letters_delivery_id"),
    sa.PrimaryKeyConstraint("id", name="pk_covering_letters"),
    sa.UniqueConstraint("delivery_id", "kind", name="uq_covering_letters_delivery_id_kind")
    )
    op.add_column("deliveries", sa.Column("assigned_reference", sa.String(length=100), nullable=False,
                                          server_default=""))
    op.add_column("deliveries", sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        # Deliveries that stood before have no such reference; new ones say so themselves.
        op.alter_column("deliveries", "assigned_reference", server_default=None)


def downgrade() -> None:
    op.drop_column("deliveries", "assigned_at")
    op.drop_column("deliveries", "assigned_reference")
    op.drop_table("covering_letters")
