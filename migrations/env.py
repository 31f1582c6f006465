"""Runs migrations on the application's own database; called through `coalition.cli.database`."""

from __future__ import annotations

from alembic import context

from coalition.db import Base

connection = context.config.attributes["connection"]
# All steps of an update are one transaction: one that fails, or is killed, leaves the database as it was. SQLite can do
# that too, since the engine begins transactions itself (`db.prepare_engine`).
context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=False,
                  transactional_ddl=True, render_as_batch=connection.dialect.name == "sqlite", compare_type=True)
with context.begin_transaction():
    context.run_migrations()
