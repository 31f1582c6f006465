"""Lists of organisations to invite, invitations with their calls and reminders, and addresses that want none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_1625"
down_revision = "20261122_1605"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _lists()
    _invitation_plans()
    _invitations()
    _invitation_calls()
    _unsubscribe()


def downgrade() -> None:
    op.drop_column("outbox", "unsubscribe")
    op.drop_index("ix_invitation_calls_invitation_id", table_name="invitation_calls")
    op.drop_table("invitation_calls")
    op.drop_index("ix_invitations_states", table_name="invitations")
    op.drop_index("ix_invitations_next_reminder_at", table_name="invitations")
    op.drop_index("ix_invitations_list_id", table_name="invitations")
    op.drop_index("ix_invitations_identity_key", table_name="invitations")
    op.drop_index("ix_invitations_email", table_name="invitations")
    op.drop_table("invitations")
    op.drop_table("invitation_plans")
    op.drop_index("ix_invitation_lists_letter_id", table_name="invitation_lists")
    op.drop_index("ix_invitation_lists_file", table_name="invitation_lists")
    op.drop_table("invitation_lists")
    op.drop_table("invitation_refusals")


def _lists() -> None:
    op.create_table("invitation_refusals",
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name="pk_invitation_refusals")
    )
    op.create_table("invitation_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("sheet", sa.String(length=100), nullable=False),
        sa.Column("left_out", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("heading", sa.Integer(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_invitation_lists_letter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation_lists"),
        sa.UniqueConstraint("public_id", name="uq_invitation_lists_public_id")
    )
    op.create_index("ix_invitation_lists_file", "invitation_lists", ["letter_id", "sha256"])
    op.create_index("ix_invitation_lists_letter_id", "invitation_lists", ["letter_id"])


def _invitation_plans() -> None:
    op.create_table("invitation_plans",
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("reminders", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_invitation_plans_letter_id"),
        sa.PrimaryKeyConstraint("letter_id", name="pk_invitation_plans")
    )


def _invitations() -> None:
    op.create_table("invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("identity_key", sa.String(length=400), nullable=False),
        sa.Column("other_script", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("country_text", sa.String(length=100), nullable=False),
        sa.Column("is_network", sa.Boolean(), nullable=False),
        sa.Column("represents_count", sa.Integer(), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("phone", sa.String(length=100), nullable=False),
        sa.Column("notes", sa.String(length=1000), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("next_reminder_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("endorsement_id", sa.Integer(), nullable=True),
        sa.Column("lock", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["endorsement_id"], ["endorsements.id"], name="fk_invitations_endorsement_id"),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_invitations_letter_id"),
        sa.ForeignKeyConstraint(["list_id"], ["invitation_lists.id"], name="fk_invitations_list_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("letter_id", "row_key", name="uq_invitations_letter_id_row_key"),
        sa.UniqueConstraint("public_id", name="uq_invitations_public_id")
    )
    op.create_index("ix_invitations_email", "invitations", ["email"])
    op.create_index("ix_invitations_identity_key", "invitations", ["identity_key"])
    op.create_index("ix_invitations_list_id", "invitations", ["list_id"])
    op.create_index("ix_invitations_next_reminder_at", "invitations", ["next_reminder_at"])
    op.create_index("ix_invitations_states", "invitations", ["letter_id", "state"])


def _invitation_calls() -> None:
    op.create_table("invitation_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitations.id"], name="fk_invitation_calls_invitation_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_invitation_calls_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation_calls")
    )
    op.create_index("ix_invitation_calls_invitation_id", "invitation_calls", ["invitation_id"])


def _unsubscribe() -> None:
    op.add_column("outbox", sa.Column("unsubscribe", sa.String(length=300), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("outbox", "unsubscribe", server_default=None)
