"""Bringing the tables of a new or older vault to today's form, with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from evidencevault.errors import Refused
from evidencevault.resources import tr


def scripts() -> tuple[Config, ScriptDirectory]:
    """The migrations of this program."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config, ScriptDirectory.from_config(config)


def migrate(connection: Connection) -> None:
    """Bring the tables to the newest version. Raises Refused for a vault written by a newer program."""
    config, script = scripts()
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {one.revision for one in script.walk_revisions()}:
        raise Refused(
            tr("This vault was written by a newer version of the program. Nothing was changed; update first.")
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
