"""Shared fixtures: a fresh real database a test, SQLite by default, PostgreSQL by TEST_DATABASE_URL."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, make_url, text

from core.db import Database
from core.migrate import upgrade
from core.people import activity
from core.tick import touched

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _business_zone() -> None:
    activity.use_zone(ZoneInfo("Europe/Moscow"))


@pytest.fixture
def now() -> datetime:
    return NOW


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """A new empty database and its address, gone afterwards."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        yield f"sqlite:///{folder}/kvizor.db"
        return
    name = f"kvizor_{uuid.uuid4().hex[:12]}"
    engine = create_engine(
        make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    with fresh_database(tmp_path) as url:
        yield url


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, on_touched=touched)
    upgrade(database)
    yield database
    await database.close()
