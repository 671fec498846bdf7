"""One layer evaluated; where its SELECT fails, the failing rule is found by halving and set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import CompileError, DBAPIError

from core.segments.statement import BATCHES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from core.segments.ruleset import Layer, RuleSet
    from core.segments.statement import Statement

Changes = dict[int, tuple[int, int]]  # person → (stored mask, wanted mask)


def changes_of(
    session: Session, rules: RuleSet, layer: Layer, ids: Sequence[int], now: datetime, zone: ZoneInfo
) -> Changes:
    """Return whose mask this layer changes, among these people."""
    found: Changes = {}
    for batch, size in batches(ids):

        def read(statement: Statement, part: Layer, batch: Sequence[int] = batch) -> None:
            kept = ~part.bits
            for person, stored, computed in statement.differences(session.connection(), batch, now, zone):
                before, wanted = found.get(person, (stored, stored))
                found[person] = (before, wanted & kept | computed)

        attempt(session, rules, layer, size, read)
    return found


def attempt(
    session: Session, rules: RuleSet, layer: Layer, people: int, read: Callable[[Statement, Layer], None]
) -> None:
    """Let `read` run the layer's statement; a rule that fails is set aside in `rules`, the rest is read."""
    if not layer.rules:
        return
    try:
        _guarded(session, people, lambda: read(rules.statement(layer, people), layer))
    except (DBAPIError, CompileError) as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        if len(layer.rules) == 1:
            rules.fail(layer.rules[0].number, _reason(error))
            return
        for half in layer.halves():
            attempt(session, rules, half.working(rules.failed), people, read)


def batches(ids: Sequence[int]) -> Iterator[tuple[Sequence[int], int]]:
    """Cut ids into parts, each with the number of places of the statement that takes it."""
    start = 0
    while start < len(ids):
        rest = len(ids) - start
        size = next((size for size in BATCHES if size >= rest), BATCHES[-1])
        yield ids[start : start + size], size
        start += size


def _guarded(session: Session, people: int, work: Callable[[], None]) -> None:
    """On PostgreSQL a failed SELECT spoils the transaction: it stands in a savepoint there.

    Its just-in-time compiler is kept out: 62 conditions look dear to it, and for 50,000 people it compiled
    for 1.2 s what then ran 0.2 s.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        work()
        return
    with connection.begin_nested():
        if people != 1:
            connection.exec_driver_sql("SET LOCAL jit = off")
        work()


def _reason(error: DBAPIError | CompileError) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return f"the database could not compute it: {str(cause).splitlines()[0][:300]}"
