"""The language a member of staff has chosen, the one a signer signed in, and countries by other names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_1550"
down_revision = "20261122_1525"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("language", sa.String(length=10), nullable=False, server_default=""))
    op.add_column("endorsement_signers", sa.Column("language", sa.String(length=10), nullable=False,
                                                   server_default=""))
    op.create_table("country_names",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("code", sa.String(length=2), nullable=False),
    sa.Column("language", sa.String(length=10), nullable=False),
    sa.Column("name", sa.String(length=100), nullable=False),
    sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_country_names"),
    sa.UniqueConstraint("code", "language", name="uq_country_names_code_language")
    )


def downgrade() -> None:
    op.drop_table("country_names")
    op.drop_column("endorsement_signers", "language")
    op.drop_column("people", "language")
