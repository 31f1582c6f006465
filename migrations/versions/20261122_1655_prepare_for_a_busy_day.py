"""What a busy day asks for: search keys, looks, decisions that can be taken back, deputies, digests, a goal."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_1655"
down_revision = "20261122_1650"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("endorsement_entries", sa.Column("search_key", sa.Text(), nullable=False, server_default=""))
    op.add_column("letters", sa.Column("goal", sa.Integer(), nullable=True))
    op.create_table(
        "endorsement_decisions",
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("mail_key", sa.String(length=120), nullable=False),
        sa.Column("lock", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("approved_revision", sa.Integer(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_reason", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsements.id"],
                                name="fk_endorsement_decisions_endorsement_id"),
        sa.PrimaryKeyConstraint("endorsement_id", name="pk_endorsement_decisions"),
    )
    op.create_table(
        "review_looks",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_review_looks_person_id"),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsements.id"], name="fk_review_looks_endorsement_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_review_looks"),
    )
    op.create_index("ix_review_looks_endorsement_id", "review_looks", ["endorsement_id"], unique=False)
    op.create_table(
        "review_digests",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("considered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_review_digests_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_review_digests"),
    )
    op.create_table(
        "review_alerts",
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsements.id"], name="fk_review_alerts_endorsement_id"),
        sa.PrimaryKeyConstraint("endorsement_id", name="pk_review_alerts"),
    )
    op.create_table(
        "letter_deputies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_letter_deputies_letter_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_letter_deputies_person_id"),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name="fk_letter_deputies_deputy_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_deputies"),
    )
    op.create_index("ix_letter_deputies_letter_id", "letter_deputies", ["letter_id"], unique=False)
    op.create_index("ix_letter_deputies_deputy_id", "letter_deputies", ["deputy_id"], unique=False)


def downgrade() -> None:
    for table in ("letter_deputies", "review_alerts", "review_digests", "review_looks", "endorsement_decisions"):
        op.drop_table(table)
    op.drop_column("letters", "goal")
    op.drop_column("endorsement_entries", "search_key")
