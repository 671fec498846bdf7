"""Worlds: one sandbox, one real bot, one database; for a test, running for a file, or shared by many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import fresh_database
from tests.telegram import World


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> Iterator[World]:
    made = World(tmp_path, database_url)
    yield made
    made.close()


@contextmanager
def living(folder: Path) -> Iterator[World]:
    """A world of its own database, with the bot running."""
    with fresh_database(folder) as url:
        made = World(folder, url)
        made.start_bot()
        yield made
        made.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with living(tmp_path_factory.mktemp("running")) as made:
        yield made


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with living(tmp_path_factory.mktemp("shared")) as made:
        yield made


@pytest.fixture
def shared(kept: World) -> Iterator[World]:
    """A running world for a test that asks only about its own people; starting one costs seconds."""
    yield kept
    kept.post("/sandbox/faults", [])
