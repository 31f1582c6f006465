"""Runs migrations on the application's own database; called through `coalition.cli.database`."""

from __future__ import annotations

from alembic import context

from coalition.db import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True,
                  render_as_batch=connection.dialect.name == "sqlite", compare_type=True)
with context.begin_transaction():
    context.run_migrations()
