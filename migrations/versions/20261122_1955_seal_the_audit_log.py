"""The audit log is sealed with a key, knows how far it goes, and its personal values can be deleted, not changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_1955"
down_revision = "20261122_1935"
branch_labels = None
depends_on = None

#: On SQLite: name of the trigger, what it guards, when it refuses. INSERT OR REPLACE deletes without asking triggers
#: that guard deletions.
_GUARDS = {
    "audit_entries_no_replace": (
        "INSERT ON audit_entries WHEN EXISTS "
        "(SELECT 1 FROM audit_entries WHERE sequence = NEW.sequence OR hash = NEW.hash)"),
    "audit_details_no_update": "UPDATE ON audit_details",
    "audit_details_no_replace": (
        "INSERT ON audit_details WHEN EXISTS (SELECT 1 FROM audit_details WHERE sequence = NEW.sequence)"),
    "audit_heads_no_delete": "DELETE ON audit_heads",
    "audit_heads_no_replace": "INSERT ON audit_heads WHEN EXISTS (SELECT 1 FROM audit_heads)",
}
_GUARDS_ON_POSTGRESQL = {"audit_details": "UPDATE", "audit_heads": "DELETE OR TRUNCATE"}


def upgrade() -> None:
    # Not in a batch: that would make the table anew, without its triggers.
    op.add_column("audit_entries", sa.Column("key_name", sa.String(length=12), nullable=False, server_default=""))
    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("key_name", sa.String(length=12), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_heads"),
    )
    op.create_table(
        "audit_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("checkpoints", sa.Integer(), nullable=False),
        sa.Column("broken_at", sa.Integer(), nullable=True),
        sa.Column("broken_to", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_checks"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, guard in _GUARDS.items():
            op.execute(f"CREATE TRIGGER {name} BEFORE {guard} "
                       "BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END")
        return
    for table, verbs in _GUARDS_ON_POSTGRESQL.items():
        op.execute(f"CREATE TRIGGER {table}_guarded BEFORE {verbs} ON {table} "
                   "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in _GUARDS:
            op.execute(f"DROP TRIGGER {name}")
    else:
        for table in _GUARDS_ON_POSTGRESQL:
            op.execute(f"DROP TRIGGER {table}_guarded ON {table}")
    op.drop_table("audit_checks")
    op.drop_table("audit_heads")
    op.drop_column("audit_entries", "key_name")
