"""The views tell in which language each entry was signed: a corrected translation concerns those alone who read it."""

from __future__ import annotations

from alembic import op

revision = "20261122_1935"
down_revision = "20261122_1656"
branch_labels = None
depends_on = None

_COLUMNS = """
    e.public_id AS key, e.letter_id, e.signed_version_id, {language} o.public_id AS organisation_key, e.signing_as,
    e.visibility, e.tier, e.position, e.signed_at, e.origin, r.organisation, r.other_script, r.honorific,
    r.signatory, r.title, r.description, r.country, r.country_text, r.is_network, r.represents_count,
    r.represents_exactness, r.represents_unit, r.represents_text, r.represents_as_of, r.represents_source,
    r.members
"""
_ROWS = """
    FROM endorsements e
    JOIN endorsement_entries r ON r.endorsement_id = e.id AND r.revision = e.approved_revision
    LEFT JOIN organisations o ON o.id = e.organisation_id
    WHERE e.state = 'approved'
"""
_VIEWS = {
    "public_entries": f"SELECT {_COLUMNS} {_ROWS} AND e.visibility = 'public'",
    "recipient_entries": f"SELECT {_COLUMNS} {_ROWS} AND e.visibility IN ('public', 'recipients')",
    "unnamed_endorsements": """
        SELECT e.letter_id, e.signed_version_id, {language} e.signing_as, o.public_id AS organisation_key, e.visibility
        FROM endorsements e LEFT JOIN organisations o ON o.id = e.organisation_id
        WHERE e.state = 'approved'
    """,
}


def upgrade() -> None:
    _make(language="e.language,")


def downgrade() -> None:
    _make(language="")


def _make(language: str) -> None:
    for name, select in _VIEWS.items():
        op.execute(f"DROP VIEW {name}")
        op.execute(f"CREATE VIEW {name} AS {select.format(language=language)}")  # the text above, nothing from outside
