"""Second factors of the staff: the authenticator app, passkeys, recovery codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2005"
down_revision = "20261122_1955"
branch_labels = None
depends_on = None

#: Columns that stood ready for the sign-in library and never held anything.
_NEVER_USED = {"tf_primary_method": sa.String(length=64), "tf_totp_secret": sa.String(length=255),
               "tf_phone_number": sa.String(length=128), "mf_recovery_codes": sa.UnicodeText()}


def upgrade() -> None:
    for name in _NEVER_USED:
        op.drop_column("people", name)
    op.add_column("people", sa.Column("totp_secret", sa.String(length=255), nullable=True))
    op.add_column("people", sa.Column("totp_step", sa.BigInteger(), nullable=True))
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("is_synced", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_passkeys_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
        sa.UniqueConstraint("credential_id", name="uq_passkeys_credential_id"),
    )
    op.create_index("ix_passkeys_person_id", "passkeys", ["person_id"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_recovery_codes_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recovery_codes"),
    )
    op.create_index("ix_recovery_codes_person_id", "recovery_codes", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("recovery_codes")
    op.drop_table("passkeys")
    op.drop_column("people", "totp_step")
    op.drop_column("people", "totp_secret")
    for name, kind in _NEVER_USED.items():
        op.add_column("people", sa.Column(name, kind, nullable=True))
