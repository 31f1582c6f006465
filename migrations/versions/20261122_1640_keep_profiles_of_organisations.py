"""Names, profiles, likenesses and merges of organisations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_1640"
down_revision = "20261122_1625"
branch_labels = None
depends_on = None

#: 0 says that nobody has compared them yet: the worker does it from then on.
_COLUMNS = (
    ("consultative_since", sa.Integer(), None), ("registration", sa.String(length=200), ""),
    ("description", sa.String(length=1000), ""), ("compared_by_rules", sa.Integer(), "0"),
)


def upgrade() -> None:
    for name, kind, default in _COLUMNS:
        op.add_column("organisations", sa.Column(name, kind, nullable=default is None, server_default=default))
        if op.get_bind().dialect.name == "postgresql":
            op.alter_column("organisations", name, server_default=None)
    op.create_index("ix_organisations_compared_by_rules", "organisations", ["compared_by_rules"])
    op.create_table("organisation_names",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("organisation_id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(length=200), nullable=False),
    sa.Column("identity_key", sa.String(length=400), nullable=False),
    sa.Column("kind", sa.String(length=10), nullable=False),
    sa.Column("ended_on", sa.Date(), nullable=True),
    sa.Column("merge_id", sa.Integer(), nullable=True),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_organisation_names_organisation_id"),
    sa.PrimaryKeyConstraint("id", name="pk_organisation_names")
    )
    op.create_index("ix_organisation_names_identity_key", "organisation_names", ["identity_key"])
    op.create_index("ix_organisation_names_organisation_id", "organisation_names", ["organisation_id"])
    op.create_table("organisation_keys",
    sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column("organisation_id", sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_organisation_keys_organisation_id"),
    sa.PrimaryKeyConstraint("key", "organisation_id", name="pk_organisation_keys")
    )
    op.create_index("ix_organisation_keys_organisation_id", "organisation_keys", ["organisation_id"])
    op.create_table("organisation_likenesses",
    sa.Column("first_id", sa.Integer(), nullable=False),
    sa.Column("second_id", sa.Integer(), nullable=False),
    sa.Column("score", sa.Integer(), nullable=False),
    sa.Column("reason", sa.String(length=20), nullable=False),
    sa.Column("state", sa.String(length=10), nullable=False),
    sa.Column("decided_by", sa.Integer(), nullable=True),
    sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name="fk_organisation_likenesses_decided_by"),
    sa.ForeignKeyConstraint(["first_id"], ["organisations.id"], name="fk_organisation_likenesses_first_id"),
    sa.ForeignKeyConstraint(["second_id"], ["organisations.id"], name="fk_organisation_likenesses_second_id"),
    sa.PrimaryKeyConstraint("first_id", "second_id", name="pk_organisation_likenesses")
    )
    op.create_index("ix_organisation_likenesses_second_id", "organisation_likenesses", ["second_id"])
    op.create_table("organisation_merges",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("kept_id", sa.Integer(), nullable=False),
    sa.Column("absorbed_id", sa.Integer(), nullable=False),
    sa.Column("state_before", sa.String(length=12), nullable=False),
    sa.Column("moved", sa.Text(), nullable=False),
    sa.Column("filled", sa.Text(), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(["absorbed_id"], ["organisations.id"], name="fk_organisation_merges_absorbed_id"),
    sa.ForeignKeyConstraint(["kept_id"], ["organisations.id"], name="fk_organisation_merges_kept_id"),
    sa.PrimaryKeyConstraint("id", name="pk_organisation_merges")
    )
    op.create_index("ix_organisation_merges_absorbed_id", "organisation_merges", ["absorbed_id"])
    op.create_index("ix_organisation_merges_kept_id", "organisation_merges", ["kept_id"])
    op.create_table("organisation_splits",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("from_id", sa.Integer(), nullable=False),
    sa.Column("made_id", sa.Integer(), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(["from_id"], ["organisations.id"], name="fk_organisation_splits_from_id"),
    sa.ForeignKeyConstraint(["made_id"], ["organisations.id"], name="fk_organisation_splits_made_id"),
    sa.PrimaryKeyConstraint("id", name="pk_organisation_splits")
    )
    op.create_index("ix_organisation_splits_from_id", "organisation_splits", ["from_id"])
    op.create_index("ix_organisation_splits_made_id", "organisation_splits", ["made_id"])


def downgrade() -> None:
    for table in ("organisation_splits", "organisation_merges", "organisation_likenesses", "organisation_keys",
                  "organisation_names"):
        op.drop_table(table)
    op.drop_index("ix_organisations_compared_by_rules", "organisations")
    for name, _kind, _default in _COLUMNS:
        op.drop_column("organisations", name)
