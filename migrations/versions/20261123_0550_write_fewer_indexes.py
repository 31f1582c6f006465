"""A sign-on writes no index that another one answers for, nor one that says nothing of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261123_0550"
down_revision = "20261122_2350"
branch_labels = None
depends_on = None

#: Indexes that go: name, table, columns.
_GONE = (
    ("ix_sign_ons_came_at", "sign_ons", ["came_at"]),
    ("ix_sign_ons_endorsement_id", "sign_ons", ["endorsement_id"]),
    ("ix_endorsement_entries_endorsement_id", "endorsement_entries", ["endorsement_id"]),
    ("ix_organisations_identity_key", "organisations", ["identity_key"]),
    ("ix_organisations_compared_by_rules", "organisations", ["compared_by_rules"]),
)
#: Indexes that hold only some rows from now on: name, table, columns, which.
_NARROWED = (
    ("ix_sign_ons_network", "sign_ons", ["network", "came_at"], sa.text("network <> ''")),
    ("ix_sign_ons_domain", "sign_ons", ["domain", "came_at"], sa.text("domain <> ''")),
    ("ix_audit_entries_letter", "audit_entries", ["letter_id", "sequence"], sa.text("letter_id IS NOT NULL")),
)
_SOON = sa.text("compared_by_rules = -1")


def upgrade() -> None:
    for name, table, _columns in _GONE:
        op.drop_index(name, table)
    for name, table, columns, which in _NARROWED:
        op.drop_index(name, table)
        op.create_index(name, table, columns, sqlite_where=which, postgresql_where=which)
    op.create_index("ix_organisations_wanted_soon", "organisations", ["id"],
                    sqlite_where=_SOON, postgresql_where=_SOON)


def downgrade() -> None:
    op.drop_index("ix_organisations_wanted_soon", "organisations")
    for name, table, columns, _which in _NARROWED:
        op.drop_index(name, table)
        op.create_index(name, table, columns)
    for name, table, columns in _GONE:
        op.create_index(name, table, columns)
