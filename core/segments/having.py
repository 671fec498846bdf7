"""Whether anybody has a value of a field: asked for many fields at once, by every screen that lists them.

Where nobody has one, a question about one column reads its table to the end. So the columns of a table are
asked together, in its newest rows first, and where that took long the answer is kept for some minutes.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import Column, Engine, case, func, select

from core.segments.binds import Binds
from core.segments.catalogue import FIELDS
from core.segments.derived import AGE, BIRTHDAY, AgeField
from core.segments.fields import ATTRIBUTES, PROFILES, SUBSCRIBERS, Field, Kind, RowField
from core.segments.scores.fields import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement, Select, Table
    from sqlalchemy.orm import Session

KEPT_SECONDS, CHEAP_SECONDS = 300.0, 0.05
_NEWEST = 1000  # rows: where a column is filled at all, it mostly is in these

_kept: WeakKeyDictionary[Engine, dict[str, tuple[float, frozenset[str]]]] = WeakKeyDictionary()


def has_values(session: Session, field: Field | RowField) -> bool:
    """Return whether anybody has a value of a field; what is always known has one."""
    if isinstance(field, RowField):
        source = field.source.c
        names = (source.key,) if field.table == "attributes" else (source.quiz, source.question)
        return _some(session, *(name == part for name, part in zip(names, field.key, strict=True)))
    if field.kind in (Kind.MARK, Kind.FLAG) or not field.nullable:
        return True
    if isinstance(field, AgeField):
        return _some(session, ATTRIBUTES.c.key.in_((AGE, BIRTHDAY)))
    column = joined(field.column)
    if isinstance(column, Column):
        return column.name in _filled(session, column.table)
    people = SUBSCRIBERS.join(PROFILES, PROFILES.c.subscriber_id == SUBSCRIBERS.c.id)
    query = select(SUBSCRIBERS.c.id).select_from(people).where(field.known(Binds({})))
    return session.scalar(query.limit(1)) is not None


def _some(session: Session, *tests: ColumnElement[bool]) -> bool:
    return session.execute(select(1).where(*tests).limit(1)).first() is not None


def _filled(session: Session, source: Table) -> frozenset[str]:
    """Return those of the columns of a table that rules ask about in which anything stands."""
    bind = session.get_bind()
    kept = _kept.setdefault(bind if isinstance(bind, Engine) else bind.engine, {})
    began = time.monotonic()
    asked_at, found = kept.get(source.name, (-KEPT_SECONDS, frozenset[str]()))
    if began - asked_at < KEPT_SECONDS:
        return found
    columns = [joined(one.column) for one in FIELDS.values() if one.nullable]
    asked = {one.name: one for one in columns if isinstance(one, Column) and one.table is source}
    newest = select(*asked.values()).order_by(*(key.desc() for key in source.primary_key)).limit(_NEWEST)
    found = _filled_in(session, newest, list(asked))
    rest = [column for name, column in asked.items() if name not in found]
    if rest:
        found |= _filled_in(session, select(*rest), [one.name for one in rest])
    if time.monotonic() - began > CHEAP_SECONDS:
        kept[source.name] = (time.monotonic(), found)
    return found


def _filled_in(session: Session, rows: Select[*tuple[object, ...]], names: Sequence[str]) -> frozenset[str]:
    seen = rows.subquery().c
    marks = [func.max(case((seen[name].is_not(None), 1), else_=0)) for name in names]
    found = session.execute(select(*marks)).one()
    return frozenset(name for name, there in zip(names, found, strict=True) if there)
