"""One comparison in SQL, with everything it is compared to bound as a parameter."""

from __future__ import annotations

import operator as op
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, ColumnElement, Double, String, and_, bindparam, or_
from sqlalchemy.ext.compiler import compiles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.segments.binds import Binds

_ORDER: dict[str, Callable[[Any, Any], Any]] = {"<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}


def compared(
    column: ColumnElement[Any], operator: str, values: Sequence[object], binds: Binds
) -> ColumnElement[bool]:
    """SQL: `column operator value` for any of the values; `=` with several is IN, a date is its local day."""
    if isinstance(values[0], date):
        return or_(*(_on_day(column, operator, day, binds) for day in values if isinstance(day, date)))
    bound = [_bound(value) for value in values]
    if operator == "=":
        return column == bound[0] if len(bound) == 1 else column.in_(bound)
    return or_(*(_ORDER[operator](column, value) for value in bound))


def _bound(value: object) -> Any:
    """A number keeps its own type: as the column's it would be rounded, or out of range for a small one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return bindparam(None, value, BigInteger() if isinstance(value, int) else Double(), unique=True)


def _on_day(column: ColumnElement[Any], operator: str, day: date, binds: Binds) -> ColumnElement[bool]:
    start, end = binds.start_of(day), binds.start_of(day + timedelta(days=1))
    if operator == "=":
        return and_(column >= start, column < end)
    edge = start if operator in ("<", ">=") else end
    return column < edge if operator in ("<", "<=") else column >= edge


class Detail(ColumnElement[str]):
    """SQL: one detail of an event as text. The name is never an owner's words: it stands in the statement."""

    inherit_cache = False
    type = String()

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.name = name


@compiles(Detail, "sqlite")
def _on_sqlite(element: Detail, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"CAST(json_extract({column}, '$.{element.name}') AS TEXT)"


@compiles(Detail, "postgresql")
def _on_postgresql(element: Detail, compiler: Any, **options: Any) -> str:
    return f"({compiler.process(element.column, **options)} ->> '{element.name}')"
