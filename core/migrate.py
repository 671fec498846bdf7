"""Migrations: bring a database to the present revision, or say in a sentence that it is not there."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from core.db import reason
from core.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.db import Database

SCRIPTS = Path(__file__).resolve().parent.parent / "migrations"


def upgrade(database: Database, revision: str = "head") -> None:
    """Apply the migrations up to a revision; raises DatabaseError when the database cannot be reached."""
    with _reached(database):
        command.upgrade(_config(database), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take migrations back down to a revision; raises DatabaseError when it cannot be reached."""
    with _reached(database):
        command.downgrade(_config(database), revision)


def require_current(database: Database) -> None:
    """Raise DatabaseError with the remedy unless the database is at the newest revision."""
    with _reached(database), database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    wanted = ScriptDirectory.from_config(_config(database)).get_current_head()
    if found != wanted:
        raise DatabaseError(
            f"The database is at revision {found or 'none'}, this Kvizor needs {wanted}; "
            "run `kvizor db upgrade`."
        )


@contextlib.contextmanager
def _reached(database: Database) -> Iterator[None]:
    """Turn a connection that fails, or a file held locked, into one sentence without the password."""
    try:
        yield
    except OperationalError as error:
        why = reason(error)
        if error.statement is not None and "locked" not in why:
            raise  # a statement of ours that fails is our fault and keeps its traceback
        url = database.url
        if database.is_sqlite:
            raise DatabaseError(
                f"The database file {url.database} cannot be used ({why}); "
                "end the program that holds it, or give Kvizor another DATABASE_URL."
            ) from None
        server = f"{url.host or 'localhost'}:{url.port or 5432}"
        raise DatabaseError(
            f"The database server {server} cannot be used ({why.rstrip('.')}); {_remedy(why)}."
        ) from None


def _remedy(why: str) -> str:
    if "authentication failed" in why or "no password supplied" in why or 'role "' in why:
        return "mend user and password in DATABASE_URL"
    if 'database "' in why:
        return "create this base with `createdb`, or name another in DATABASE_URL"
    return "start PostgreSQL there, or mend host and port in DATABASE_URL"


def _config(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    driver = "sqlite" if database.is_sqlite else "postgresql+psycopg"
    config.attributes["url"] = database.url.set(drivername=driver)
    return config


def prepare(database: Database) -> None:
    """Build the tables of an empty database; one with tables must be current already."""
    with _reached(database), database.engine.connect() as connection:
        is_empty = not inspect(connection).get_table_names()
    if is_empty:
        upgrade(database)
    require_current(database)
