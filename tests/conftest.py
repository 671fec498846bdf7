"""Shared fixtures: a fresh real database a test, SQLite by default, PostgreSQL by TEST_DATABASE_URL."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import create_engine, make_url, text

from bot import cli
from core.db import Database
from core.migrate import upgrade
from core.people import activity
from core.quizzes.loader import Library, load_folder
from core.tick import touched

QUIZZES = Path(__file__).parent.parent / "quizzes"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _business_zone() -> None:
    activity.use_zone(ZoneInfo("Europe/Moscow"))


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def library() -> Library:
    """The quizzes that ship, read once."""
    return load_folder(QUIZZES)


@contextmanager
def fresh_database(folder: Path, pattern: str = "") -> Iterator[str]:
    """A new database and its address, gone afterwards: empty, or a copy of the one at the address given."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        if pattern:
            shutil.copy(str(make_url(pattern).database), folder / "kvizor.db")
        yield f"sqlite:///{folder}/kvizor.db"
        return
    name = f"kvizor_{uuid.uuid4().hex[:12]}"
    engine = create_engine(
        make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    like = f" TEMPLATE {make_url(pattern).database}" if pattern else ""
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}{like}"))
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="session")
def built_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with every table and no rows: migrated once, to be copied."""
    with fresh_database(tmp_path_factory.mktemp("built")) as url:
        database = Database(url)
        upgrade(database)
        database.close_now()
        yield url


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, or of the one that the fixture `db` opens."""
    pattern = request.getfixturevalue("built_database") if "db" in request.fixturenames else ""
    with fresh_database(tmp_path, pattern) as url:
        yield url


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, on_touched=touched)
    yield database
    await database.close()


@pytest.fixture
def shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run `kvizor …` in a folder of its own as a shell would; returns exit code, output and complaint."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["kvizor", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run
