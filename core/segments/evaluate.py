"""One layer evaluated; where its SELECT fails, the failing rule is found by halving and set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import CompileError, DBAPIError

from core.db import CHUNK
from core.segments.statement import MANY, ONE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from core.segments.ruleset import Layer, RuleSet
    from core.segments.statement import Statement

Changes = dict[int, tuple[int, int]]  # person → (stored mask, wanted mask)


def changes_of(
    session: Session,
    rules: RuleSet,
    layer: Layer,
    ids: Sequence[int],
    now: datetime,
    zone: ZoneInfo,
    *,
    hopeful: bool,
) -> Changes:
    """Return whose mask this layer changes, among these people; `hopeful` raises where a rule fails."""
    found: Changes = {}
    for start in range(0, len(ids), CHUNK):
        batch = ids[start : start + CHUNK]

        def read(statement: Statement, part: Layer, batch: Sequence[int] = batch) -> None:
            kept = ~part.bits
            for person, stored, computed in statement.differences(session.connection(), batch, now, zone):
                before, wanted = found.get(person, (stored, stored))
                found[person] = (before, wanted & kept | computed)

        people = ONE if len(batch) == 1 else MANY
        if hopeful:
            read(rules.statement(layer, people), layer)
        else:
            attempt(session, rules, layer, people, read)
    return found


def attempt(
    session: Session, rules: RuleSet, layer: Layer, people: int, read: Callable[[Statement, Layer], None]
) -> None:
    """Let `read` run the layer's statement; a rule that fails is set aside in `rules`, the rest is read."""
    if not layer.rules:
        return
    try:
        _guarded(session, lambda: read(rules.statement(layer, people), layer))
    except (DBAPIError, CompileError) as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        if len(layer.rules) == 1:
            rules.fail(layer.rules[0].number, _reason(error))
            return
        for half in layer.halves():
            attempt(session, rules, half.working(rules.failed), people, read)


def _guarded(session: Session, work: Callable[[], None]) -> None:
    """On PostgreSQL a failed SELECT spoils the transaction: it stands in a savepoint there."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        work()
        return
    with connection.begin_nested():
        work()


def _reason(error: DBAPIError | CompileError) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"the database could not compute it: {str(cause).splitlines()[0][:300]}"
