"""Many small rows handed to one statement: a list of numbers as one JSON text, read by both databases.

One INSERT … SELECT of a thousand rows costs half of a thousand INSERTs on SQLite, and one round trip on
PostgreSQL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, String, bindparam, cast, column, func, literal_column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, TableValuedAlias

GIVEN = "given"  # the name of the parameter


def rows_of(
    dialect: str, *names: str, parameter: str = GIVEN
) -> tuple[TableValuedAlias, list[ColumnElement[int]]]:
    """SQL: the given rows as a table, and their numbers in the order of `names`; one name: bare numbers."""
    given = bindparam(parameter, value="[]", type_=String())
    if dialect == "sqlite":
        source = func.json_each(given).table_valued(column("value", BigInteger()), name=parameter)
        value: Any = source.c.value
        if len(names) == 1:
            return source, [value.label(names[0])]
        return source, [
            func.json_extract(value, literal_column(f"'$[{place}]'"), type_=BigInteger()).label(name)
            for place, name in enumerate(names)
        ]
    source = func.json_array_elements(cast(given, JSON)).table_valued(column("value", JSON()), name=parameter)
    value = source.c.value
    if len(names) == 1:
        return source, [cast(cast(value, String), BigInteger).label(names[0])]
    return source, [
        cast(value.op("->>")(literal_column(str(place))), BigInteger).label(name)
        for place, name in enumerate(names)
    ]


def packed(rows: Iterable[Sequence[int]]) -> str:
    """Return rows of several numbers as the parameter takes them.

    >>> packed([(1, 2), (3, 4)])
    '[[1,2],[3,4]]'
    """
    return "[" + ",".join(f"[{','.join(map(str, row))}]" for row in rows) + "]"


def listed(numbers: Iterable[int]) -> str:
    """Return bare numbers as the parameter takes them.

    >>> listed([1, 2])
    '[1,2]'
    """
    return f"[{','.join(map(str, numbers))}]"
