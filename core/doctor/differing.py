"""Kept rows beside rebuilt ones: what differs, what to write, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select, Table
    from sqlalchemy.orm import Session

Who = Callable[[ColumnElement[Any]], ColumnElement[bool]]  # makes a test of a column with people's ids
Row = tuple[Any, ...]


def between(first: int, last: int) -> Who:
    """These people by a range of their ids, both ends included."""
    return lambda column: column.between(first, last)


def among(ids: Sequence[int]) -> Who:
    """These people by their ids."""
    return lambda column: column.in_(ids)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One row that is not what the facts amount to; None: it is missing on this side."""

    key: Row
    kept: Row | None
    rebuilt: Row | None

    @property
    def person(self) -> int:
        """Whose row it is: every key begins with the person."""
        return int(self.key[0])


class Check(Protocol):
    """One kept table, or some of its columns, that can be computed anew for some people."""

    @property
    def target(self) -> Target:
        """Where the kept rows stand."""

    def count(self, session: Session, who: Who) -> int:
        """Return how many rows of these people are kept."""

    def wrong(self, session: Session, who: Who) -> list[Wrong]:
        """Return the rows of these people that differ."""


@dataclass(frozen=True)
class Target:
    """The columns of a table that are compared and mended; `others` are set where a row is inserted."""

    table: Table
    keys: tuple[str, ...]
    values: tuple[str, ...]
    others: Mapping[str, Any] = field(default_factory=dict)

    @property
    def person(self) -> ColumnElement[Any]:
        """The column that names the person."""
        return self.table.c[self.keys[0]]

    def rows(self, who: Who) -> Select[Any]:
        """SELECT the kept rows of these people."""
        return select(*(self.table.c[name] for name in (*self.keys, *self.values))).where(who(self.person))

    def words(self, wrong: Wrong) -> str:
        """Say in one line what is wrong with a row."""
        rest = zip(self.keys[1:], wrong.key[1:], strict=True)
        place = ", ".join([f"person {wrong.person}", *(f"{name} {value}" for name, value in rest)])
        if wrong.kept is None or wrong.rebuilt is None:
            return f"{place}: {'missing' if wrong.kept is None else 'kept without any fact'}"
        told = [
            f"{name} is {_plain(kept)}, the facts say {_plain(rebuilt)}"
            for name, kept, rebuilt in zip(self.values, wrong.kept, wrong.rebuilt, strict=True)
            if kept != rebuilt
        ]
        return f"{place}: {'; '.join(told)}"

    def write(self, session: Session, wrongs: Sequence[Wrong]) -> None:
        """Put the rebuilt rows in the place of the kept ones."""
        connection = session.connection()
        own = and_(*(self.table.c[name] == bindparam(f"b_{name}") for name in self.keys))
        gone = [self._bound(wrong.key) for wrong in wrongs if wrong.rebuilt is None]
        changed = [
            self._bound(wrong.key) | dict(zip(self.values, wrong.rebuilt, strict=True))
            for wrong in wrongs
            if wrong.kept is not None and wrong.rebuilt is not None
        ]
        missing = [
            dict(zip((*self.keys, *self.values), (*wrong.key, *wrong.rebuilt), strict=True))
            for wrong in wrongs
            if wrong.kept is None and wrong.rebuilt is not None
        ]
        if gone:
            connection.execute(delete(self.table).where(own), gone)
        if changed:
            connection.execute(update(self.table).where(own), changed)
        if missing:
            connection.execute(insert(self.table), [dict(self.others) | row for row in missing])

    def _bound(self, key: Row) -> dict[str, Any]:
        return {f"b_{name}": value for name, value in zip(self.keys, key, strict=True)}


def compared(session: Session, target: Target, kept: Select[Any], rebuilt: Select[Any]) -> list[Wrong]:
    """Return the rows that stand on one side only, paired by their keys.

    Both sides in one statement, so that they are of one moment; equal rows never leave the database. The
    order of the rebuilt columns is that of the target.
    """
    names = [*target.keys, *target.values]
    both = union_all(kept.add_columns(literal(0)), rebuilt.add_columns(literal(1))).subquery()
    columns = list(both.c)[: len(names)]
    side = list(both.c)[len(names)]
    query = select(*columns, func.min(side)).group_by(*columns).having(func.count() == 1).order_by(*columns)
    found: dict[Row, list[Row | None]] = {}
    for row in session.execute(query):
        key, values = tuple(row[: len(target.keys)]), tuple(row[len(target.keys) : -1])
        found.setdefault(key, [None, None])[row[-1]] = values
    return [Wrong(key, kept_row, rebuilt_row) for key, (kept_row, rebuilt_row) in found.items()]


def counted(session: Session, target: Target, who: Who) -> int:
    """Return how many rows of these people are kept."""
    query = select(func.count()).select_from(target.table).where(who(target.person))
    return session.scalar(query) or 0


def _plain(value: object) -> str:
    return "nothing" if value is None else str(value)
