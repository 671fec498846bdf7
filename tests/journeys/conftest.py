"""Worlds: one sandbox, one real bot, one database; a world a test, or one running for a whole file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import fresh_database
from tests.telegram import World


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> Iterator[World]:
    made = World(tmp_path, database_url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("running")
    with fresh_database(folder) as url:
        made = World(folder, url)
        made.start_bot()
        yield made
        made.close()
