"""Runs migrations on the connection handed over by ``database.migrate``; there is no command-line configuration."""

from alembic import context

from evidencevault.vault.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
