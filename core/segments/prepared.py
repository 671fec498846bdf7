"""A statement as the driver takes it, kept compiled: for what runs in the transaction of every answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date

from core.db import Moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, CursorResult, Dialect


class Prepared:
    """Compiled once: for one person, looking a statement up in SQLAlchemy's cache costs more than running it.

    Values are numbers, texts, moments and days; lists in the statement are expanded when it is compiled.
    """

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.text: str = compiled.string
        self._names: list[str] | None = compiled.positiontup
        self._fixed: dict[str, Any] = dict(compiled.params)
        self._moment = Moment().dialect_impl(dialect).bind_processor(dialect) or _unchanged
        self._date = Date().dialect_impl(dialect).bind_processor(dialect) or _unchanged

    def run(
        self, connection: Connection, values: Mapping[str, Any], streamed: int | None = None
    ) -> CursorResult[Any]:
        """Run it with these values for the named parameters; `streamed` rows are fetched at a time."""
        named = self._bound(values)
        bound = named if self._names is None else tuple(named[name] for name in self._names)
        options = {"yield_per": streamed} if streamed else None
        return connection.exec_driver_sql(self.text, bound, execution_options=options)

    def _bound(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return self._fixed | {name: self._driven(value) for name, value in values.items()}

    def _driven(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self._moment(value)
        return self._date(value) if isinstance(value, date) else value


def _unchanged(value: Any) -> Any:
    return value
