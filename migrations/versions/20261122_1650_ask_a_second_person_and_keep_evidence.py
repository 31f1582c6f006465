"""A second person confirms authority; files are kept as evidence; who was reminded of a new text is known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_1650"
down_revision = "20261122_1640"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _signer_columns() -> list[sa.Column]:
    return [
        sa.Column("authority_for", sa.String(length=400), nullable=False, server_default=""),
        sa.Column("second_name", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("second_role", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("second_email", sa.String(length=320), nullable=False, server_default=""),
        sa.Column("second_state", sa.String(length=10), nullable=False, server_default=""),
        sa.Column("second_asked_at", _MOMENT, nullable=True),
        sa.Column("second_mails", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("second_words", sa.String(length=1000), nullable=False, server_default=""),
    ]


def _endorsement_columns() -> list[sa.Column]:
    return [
        sa.Column("evidence_by", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("evidence_on", sa.Date(), nullable=True),
        sa.Column("reminded_for", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reminders", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("reminded_at", _MOMENT, nullable=True),
    ]


def upgrade() -> None:
    op.create_table(
        "evidence_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("type", sa.String(length=8), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("added_by", sa.String(length=40), nullable=False),
        sa.Column("added_at", _MOMENT, nullable=False),
        sa.Column("removed_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsements.id"],
                                name="fk_evidence_files_endorsement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence_files"),
        sa.UniqueConstraint("public_id", name="uq_evidence_files_public_id"),
    )
    op.create_index("ix_evidence_files_endorsement_id", "evidence_files", ["endorsement_id"])
    for table, columns in (("endorsement_signers", _signer_columns()), ("endorsements", _endorsement_columns())):
        for column in columns:
            op.add_column(table, column)
            if column.server_default is not None and op.get_bind().dialect.name == "postgresql":
                op.alter_column(table, column.name, server_default=None)


def downgrade() -> None:
    for table, columns in (("endorsements", _endorsement_columns()), ("endorsement_signers", _signer_columns())):
        for column in reversed(columns):
            op.drop_column(table, column.name)
    op.drop_index("ix_evidence_files_endorsement_id", "evidence_files")
    op.drop_table("evidence_files")
