"""Migrations: every step goes up, down and up again, and the result is what the models say."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.db import Database
from core.migrate import _config, downgrade, upgrade
from core.models import metadata


async def test_every_migration_goes_up_down_and_up(database_url: str) -> None:
    db = Database(database_url)
    scripts = list(ScriptDirectory.from_config(_config(db)).walk_revisions())[::-1]
    for script in scripts:
        upgrade(db, script.revision)
        downgrade(db, script.down_revision or "base")
        upgrade(db, script.revision)
    await db.close()


async def test_models_match_the_migrations(database_url: str) -> None:
    db = Database(database_url)
    upgrade(db)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    await db.close()
    assert differences == []
