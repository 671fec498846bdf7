"""Alembic's entry: runs the migrations on the database that core/migrate.py names."""

import os

from alembic import context
from sqlalchemy import create_engine, make_url

from core.models import metadata


def _engine():
    url = context.config.attributes.get("url")
    if url is None:  # the plain `alembic` command, used by developers to write a revision
        url = make_url(os.environ.get("DATABASE_URL", "sqlite:///var/kvizor.db"))
    return create_engine(url)


def _run() -> None:
    engine = _engine()
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


_run()
