"""Migrations: bring a database to the present revision, or say in a sentence that it is not there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from core.errors import DatabaseError

if TYPE_CHECKING:
    from core.db import Database

SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply the migrations up to a revision."""
    command.upgrade(_config(database), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take migrations back down to a revision."""
    command.downgrade(_config(database), revision)


def require_current(database: Database) -> None:
    """Raise DatabaseError with the remedy unless the database is at the newest revision."""
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    wanted = ScriptDirectory.from_config(_config(database)).get_current_head()
    if found != wanted:
        raise DatabaseError(
            f"The database is at revision {found or 'none'}, this Kvizor needs {wanted}; "
            "run `kvizor db upgrade`."
        )


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    driver = "sqlite" if database.is_sqlite else "postgresql+psycopg"
    config.attributes["url"] = database.url.set(drivername=driver)
    return config


def prepare(database: Database) -> None:
    """Build the tables of an empty database; one with tables must be current already."""
    with database.engine.connect() as connection:
        is_empty = not inspect(connection).get_table_names()
    if is_empty:
        upgrade(database)
    require_current(database)
