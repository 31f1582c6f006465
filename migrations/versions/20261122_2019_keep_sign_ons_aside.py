"""Where sign-ons come from, those kept aside and invalidated together, addresses that want no mails by forms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2019"
down_revision = "20261122_2018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("endorsements", sa.Column("kept_aside_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "sign_ons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("endorsement_id", sa.Integer(), nullable=True),
        sa.Column("network", sa.String(length=16), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_sign_ons_letter_id"),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsements.id"], name="fk_sign_ons_endorsement_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ons"),
    )
    op.create_index("ix_sign_ons_endorsement_id", "sign_ons", ["endorsement_id"], unique=False)
    op.create_index("ix_sign_ons_came_at", "sign_ons", ["came_at"], unique=False)
    op.create_index("ix_sign_ons_network", "sign_ons", ["network", "came_at"], unique=False)
    op.create_index("ix_sign_ons_domain", "sign_ons", ["domain", "came_at"], unique=False)
    op.create_index("ix_sign_ons_letter", "sign_ons", ["letter_id", "came_at"], unique=False)
    op.create_table(
        "sign_ons_kept_aside",
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsements.id"],
                                name="fk_sign_ons_kept_aside_endorsement_id"),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_sign_ons_kept_aside_letter_id"),
        sa.PrimaryKeyConstraint("endorsement_id", name="pk_sign_ons_kept_aside"),
    )
    op.create_index("ix_sign_ons_kept_aside_letter", "sign_ons_kept_aside", ["letter_id", "state"], unique=False)
    op.create_table(
        "invalidations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("done_by", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_invalidations_letter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invalidations"),
        sa.UniqueConstraint("public_id", name="uq_invalidations_public_id"),
    )
    op.create_index("ix_invalidations_letter_id", "invalidations", ["letter_id"], unique=False)
    op.create_table(
        "invalidated_endorsements",
        sa.Column("invalidation_id", sa.Integer(), nullable=False),
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["invalidation_id"], ["invalidations.id"],
                                name="fk_invalidated_endorsements_invalidation_id"),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsements.id"],
                                name="fk_invalidated_endorsements_endorsement_id"),
        sa.PrimaryKeyConstraint("invalidation_id", "endorsement_id", name="pk_invalidated_endorsements"),
    )


    op.create_table(
        "refused_addresses",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name="pk_refused_addresses"),
    )


def downgrade() -> None:
    for table in ("refused_addresses", "invalidated_endorsements", "invalidations", "sign_ons_kept_aside", "sign_ons"):
        op.drop_table(table)
    op.drop_column("endorsements", "kept_aside_at")
