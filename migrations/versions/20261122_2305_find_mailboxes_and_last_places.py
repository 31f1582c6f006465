"""What every sign-on asks has an index: what went to a mailbox, who signed from it, the last place on the list.

Revision ID: 20261122_2305
Revises: 20261122_2045
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_2305"
down_revision = "20261122_2045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_endorsements_position", "endorsements", ["letter_id", "position"])
    op.create_index("ix_outbox_mailbox", "outbox", [sa.text('lower("to")'), "created_at"])
    op.drop_index("ix_endorsement_signers_email", "endorsement_signers")
    op.create_index("ix_endorsement_signers_mailbox", "endorsement_signers", [sa.text("lower(email)")])


def downgrade() -> None:
    op.drop_index("ix_endorsement_signers_mailbox", "endorsement_signers")
    op.create_index("ix_endorsement_signers_email", "endorsement_signers", ["email"])
    op.drop_index("ix_outbox_mailbox", "outbox")
    op.drop_index("ix_endorsements_position", "endorsements")
