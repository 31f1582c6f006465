"""The first tables, and the views that outsiders' lists are read from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261122_1200"
down_revision = None
branch_labels = None
depends_on = None

_COLUMNS = """
    e.public_id AS key, e.letter_id, e.signed_version_id, o.public_id AS organisation_key, e.signing_as,
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

# What outsiders see is read from `public_entries` only: no other row can come out of it.
VIEWS = {
    "public_entries": f"SELECT {_COLUMNS} {_ROWS} AND e.visibility = 'public'",
    "recipient_entries": f"SELECT {_COLUMNS} {_ROWS} AND e.visibility IN ('public', 'recipients')",
    "unnamed_endorsements": """
        SELECT e.letter_id, e.signed_version_id, e.signing_as, o.public_id AS organisation_key, e.visibility
        FROM endorsements e LEFT JOIN organisations o ON o.id = e.organisation_id
        WHERE e.state = 'approved'
    """,
}


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_entries"),
        sa.UniqueConstraint("hash", name="uq_audit_entries_hash"),
    )
    op.create_index("ix_audit_entries_letter", "audit_entries", ["letter_id", "sequence"], unique=False)
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("letterhead", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("date_text", sa.String(length=60), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("closing", sa.String(length=300), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline_zone", sa.String(length=60), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reach", sa.String(length=10), nullable=False),
        sa.Column("link_secret", sa.String(length=50), nullable=False),
        sa.Column("releases_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("grouping", sa.String(length=10), nullable=False),
        sa.Column("ignore_articles", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("lock", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        sa.UniqueConstraint("slug", name="uq_letters_slug"),
        sa.UniqueConstraint("source_sha256", name="uq_letters_source_sha256"),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("secret_hash", name="uq_links_secret_hash"),
    )
    op.create_index("ix_links_subject", "links", ["subject", "purpose"], unique=False)
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("identity_key", sa.String(length=400), nullable=False),
        sa.Column("other_script", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("country_text", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("consultative_status", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["organisations.id"], name="fk_organisations_merged_into_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_organisations"),
        sa.UniqueConstraint("public_id", name="uq_organisations_public_id"),
    )
    op.create_index("ix_organisations_identity_key", "organisations", ["identity_key"], unique=False)
    op.create_index(
        "uq_organisations_identity",
        "organisations",
        ["identity_key", "country", "country_text"],
        unique=True,
        sqlite_where=sa.text("state <> 'merged'"),
        postgresql_where=sa.text("state <> 'merged'"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("to", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(length=40), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sa.UniqueConstraint("message_id", name="uq_outbox_message_id"),
    )
    op.create_index("ix_outbox_about", "outbox", ["about"], unique=False)
    op.create_index("ix_outbox_state", "outbox", ["state", "next_attempt_at"], unique=False)
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("is_coordinator", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("tf_primary_method", sa.String(length=64), nullable=True),
        sa.Column("tf_totp_secret", sa.String(length=255), nullable=True),
        sa.Column("tf_phone_number", sa.String(length=128), nullable=True),
        sa.Column("mf_recovery_codes", sa.UnicodeText(), nullable=True),
        sa.Column("fs_webauthn_user_handle", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email", name="uq_people_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_people_fs_uniquifier"),
        sa.UniqueConstraint("fs_webauthn_user_handle", name="uq_people_fs_webauthn_user_handle"),
    )
    op.create_table(
        "audit_details",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("values", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["sequence"], ["audit_entries.sequence"], name="fk_audit_details_sequence"),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_details"),
    )
    op.create_table(
        "letter_recipients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_letter_recipients_letter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_recipients"),
    )
    op.create_index("ix_letter_recipients_letter_id", "letter_recipients", ["letter_id"], unique=False)
    op.create_table(
        "letter_team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_letter_team_letter_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_letter_team_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_team"),
    )
    op.create_index("ix_letter_team_letter_id", "letter_team", ["letter_id"], unique=False)
    op.create_index("ix_letter_team_person_id", "letter_team", ["person_id"], unique=False)
    op.create_table(
        "letter_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("addressees", sa.Text(), nullable=False),
        sa.Column("copies", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("change", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_letter_versions_letter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_letter_versions"),
        sa.UniqueConstraint("letter_id", "number", name="uq_letter_versions_letter_id_number"),
    )
    op.create_index("ix_letter_versions_letter_id", "letter_versions", ["letter_id"], unique=False)
    op.create_table(
        "organisation_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_organisation_notes_organisation_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_organisation_notes_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_organisation_notes"),
    )
    op.create_index(
        "ix_organisation_notes_organisation_id", "organisation_notes", ["organisation_id"], unique=False
    )
    op.create_table(
        "representatives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_representatives_organisation_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_representatives_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_representatives"),
    )
    op.create_index("ix_representatives_email", "representatives", ["email"], unique=False)
    op.create_index(
        "ix_representatives_organisation_id", "representatives", ["organisation_id"], unique=False
    )
    op.create_table(
        "claim_overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["letter_versions.id"], name="fk_claim_overrides_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_claim_overrides"),
    )
    op.create_index("ix_claim_overrides_version_id", "claim_overrides", ["version_id"], unique=False)
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("signatories", sa.Integer(), nullable=False),
        sa.Column("organisations_total", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_editions_letter_id"),
        sa.ForeignKeyConstraint(["version_id"], ["letter_versions.id"], name="fk_editions_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_editions"),
        sa.UniqueConstraint("letter_id", "number", name="uq_editions_letter_id_number"),
        sa.UniqueConstraint("public_id", name="uq_editions_public_id"),
        sa.UniqueConstraint("sha256", name="uq_editions_sha256"),
    )
    op.create_table(
        "endorsements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("signed_version_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("signing_as", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("visibility", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("evidence", sa.String(length=1000), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("latest_revision", sa.Integer(), nullable=False),
        sa.Column("approved_revision", sa.Integer(), nullable=False),
        sa.Column("last_edited_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_reason", sa.String(length=2000), nullable=False),
        sa.Column("lock", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_endorsements_letter_id"),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_endorsements_organisation_id"
        ),
        sa.ForeignKeyConstraint(
            ["signed_version_id"], ["letter_versions.id"], name="fk_endorsements_signed_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_endorsements"),
        sa.UniqueConstraint("form_key", name="uq_endorsements_form_key"),
        sa.UniqueConstraint("public_id", name="uq_endorsements_public_id"),
        sa.UniqueConstraint("reference", name="uq_endorsements_reference"),
    )
    op.create_index("ix_endorsements_organisation_id", "endorsements", ["organisation_id"], unique=False)
    op.create_index(
        "ix_endorsements_queue", "endorsements", ["letter_id", "state", "waiting_since"], unique=False
    )
    op.create_index(
        "uq_endorsements_one_approved",
        "endorsements",
        ["letter_id", "organisation_id"],
        unique=True,
        sqlite_where=sa.text("state = 'approved' AND signing_as = 'organisation'"),
        postgresql_where=sa.text("state = 'approved' AND signing_as = 'organisation'"),
    )
    op.create_table(
        "letter_translations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["letter_versions.id"], name="fk_letter_translations_version_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_letter_translations"),
        sa.UniqueConstraint("version_id", "language", name="uq_letter_translations_version_id_language"),
    )
    op.create_index("ix_letter_translations_version_id", "letter_translations", ["version_id"], unique=False)
    op.create_table(
        "compile_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("error", sa.String(length=1000), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=40), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_by", sa.Integer(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_compile_requests_edition_id"),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_compile_requests_letter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_compile_requests"),
        sa.UniqueConstraint("public_id", name="uq_compile_requests_public_id"),
    )
    op.create_index("ix_compile_requests_state", "compile_requests", ["state", "id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("rendition_sha256", sa.String(length=64), nullable=False),
        sa.Column("recipient", sa.String(length=1000), nullable=False),
        sa.Column("how", sa.String(length=200), nullable=False),
        sa.Column("handed_over_on", sa.Date(), nullable=False),
        sa.Column("handed_over_by", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_deliveries_edition_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_edition_id", "deliveries", ["edition_id"], unique=False)
    op.create_table(
        "endorsement_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("other_script", sa.String(length=200), nullable=False),
        sa.Column("honorific", sa.String(length=40), nullable=False),
        sa.Column("signatory", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=1000), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("country_text", sa.String(length=100), nullable=False),
        sa.Column("is_network", sa.Boolean(), nullable=False),
        sa.Column("represents_count", sa.Integer(), nullable=True),
        sa.Column("represents_exactness", sa.String(length=10), nullable=False),
        sa.Column("represents_unit", sa.String(length=15), nullable=False),
        sa.Column("represents_text", sa.String(length=1000), nullable=False),
        sa.Column("represents_as_of", sa.Date(), nullable=True),
        sa.Column("represents_source", sa.String(length=300), nullable=False),
        sa.Column("members", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["endorsement_id"], ["endorsements.id"], name="fk_endorsement_entries_endorsement_id"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_endorsement_entries_organisation_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_endorsement_entries"),
        sa.UniqueConstraint(
            "endorsement_id", "revision", name="uq_endorsement_entries_endorsement_id_revision"
        ),
    )
    op.create_index(
        "ix_endorsement_entries_endorsement_id", "endorsement_entries", ["endorsement_id"], unique=False
    )
    op.create_table(
        "endorsement_signers",
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("authority", sa.String(length=15), nullable=False),
        sa.Column("authority_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["endorsement_id"], ["endorsements.id"], name="fk_endorsement_signers_endorsement_id"
        ),
        sa.PrimaryKeyConstraint("endorsement_id", name="pk_endorsement_signers"),
    )
    op.create_index("ix_endorsement_signers_email", "endorsement_signers", ["email"], unique=False)
    op.create_table(
        "renditions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("paper", sa.String(length=10), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["editions.id"], name="fk_renditions_edition_id"),
        sa.PrimaryKeyConstraint("id", name="pk_renditions"),
        sa.UniqueConstraint(
            "edition_id", "kind", "language", "paper", name="uq_renditions_edition_id_kind_language_paper"
        ),
    )
    op.create_index("ix_renditions_edition_id", "renditions", ["edition_id"], unique=False)
    op.create_index("ix_renditions_sha256", "renditions", ["sha256"], unique=False)
    op.create_table(
        "review_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("endorsement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["endorsement_id"], ["endorsements.id"], name="fk_review_notes_endorsement_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_review_notes_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review_notes"),
    )
    op.create_index("ix_review_notes_endorsement_id", "review_notes", ["endorsement_id"], unique=False)
    for name, select in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {select}")  # the text above, nothing from outside
    _make_append_only()


def downgrade() -> None:
    for name in VIEWS:
        op.execute(f"DROP VIEW {name}")
    _make_changeable()
    op.drop_index("ix_review_notes_endorsement_id", table_name="review_notes")
    op.drop_table("review_notes")
    op.drop_index("ix_renditions_sha256", table_name="renditions")
    op.drop_index("ix_renditions_edition_id", table_name="renditions")
    op.drop_table("renditions")
    op.drop_index("ix_endorsement_signers_email", table_name="endorsement_signers")
    op.drop_table("endorsement_signers")
    op.drop_index("ix_endorsement_entries_endorsement_id", table_name="endorsement_entries")
    op.drop_table("endorsement_entries")
    op.drop_index("ix_deliveries_edition_id", table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index("ix_compile_requests_state", table_name="compile_requests")
    op.drop_table("compile_requests")
    op.drop_index("ix_letter_translations_version_id", table_name="letter_translations")
    op.drop_table("letter_translations")
    op.drop_index(
        "uq_endorsements_one_approved",
        table_name="endorsements",
        sqlite_where=sa.text("state = 'approved' AND signing_as = 'organisation'"),
        postgresql_where=sa.text("state = 'approved' AND signing_as = 'organisation'"),
    )
    op.drop_index("ix_endorsements_queue", table_name="endorsements")
    op.drop_index("ix_endorsements_organisation_id", table_name="endorsements")
    op.drop_table("endorsements")
    op.drop_table("editions")
    op.drop_index("ix_claim_overrides_version_id", table_name="claim_overrides")
    op.drop_table("claim_overrides")
    op.drop_index("ix_representatives_organisation_id", table_name="representatives")
    op.drop_index("ix_representatives_email", table_name="representatives")
    op.drop_table("representatives")
    op.drop_index("ix_organisation_notes_organisation_id", table_name="organisation_notes")
    op.drop_table("organisation_notes")
    op.drop_index("ix_letter_versions_letter_id", table_name="letter_versions")
    op.drop_table("letter_versions")
    op.drop_index("ix_letter_team_person_id", table_name="letter_team")
    op.drop_index("ix_letter_team_letter_id", table_name="letter_team")
    op.drop_table("letter_team")
    op.drop_index("ix_letter_recipients_letter_id", table_name="letter_recipients")
    op.drop_table("letter_recipients")
    op.drop_table("audit_details")
    op.drop_table("people")
    op.drop_index("ix_outbox_state", table_name="outbox")
    op.drop_index("ix_outbox_about", table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(
        "uq_organisations_identity",
        table_name="organisations",
        sqlite_where=sa.text("state <> 'merged'"),
        postgresql_where=sa.text("state <> 'merged'"),
    )
    op.drop_index("ix_organisations_identity_key", table_name="organisations")
    op.drop_table("organisations")
    op.drop_index("ix_links_subject", table_name="links")
    op.drop_table("links")
    op.drop_table("letters")
    op.drop_index("ix_audit_entries_subject", table_name="audit_entries")
    op.drop_index("ix_audit_entries_letter", table_name="audit_entries")
    op.drop_table("audit_entries")


def _make_append_only() -> None:
    """The audit log's rows are never changed: the database refuses, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entries_no_{verb.lower()} BEFORE {verb} ON audit_entries "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is never changed'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )


def _make_changeable() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_entries_no_{verb}")
        return
    op.execute("DROP TRIGGER audit_entries_append_only ON audit_entries")
    op.execute("DROP FUNCTION refuse_audit_change()")
