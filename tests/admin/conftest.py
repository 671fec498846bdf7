"""What the windows of an owner begin with."""

from __future__ import annotations

import pytest

from core import clock
from core.db import Database
from core.segments.refresh import refresh_all


@pytest.fixture
def base(request: pytest.FixtureRequest, db: Database) -> Database:
    """The `people` of the module that asks, in segments that are up to date."""
    db.write_now(request.module.people)
    refresh_all(db, clock.now())
    return db
