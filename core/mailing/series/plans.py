"""Plans: a stored series read once, as advancing and enrolling ask for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from core.db import table
from core.mailing.series.definition import Delay, Start
from core.mailing.series.models import Series, SeriesStep

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

_SERIES, _STEPS = table(Series), table(SeriesStep)
_COLUMNS = [
    column for column in _SERIES.c if column.name not in ("source", "created_at", "updated_at", "dated_until")
]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step as it is kept."""

    id: int
    key: str
    position: int
    kind: str
    delay: Delay
    condition: str | None
    campaign_id: int | None
    letter_key: str | None
    detail: dict[str, Any]
    is_removed: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A series and its steps, removed ones too: somebody may stand there."""

    id: int
    name: str
    purpose: str
    topic_id: int | None
    start: Start
    again: str
    again_days: int | None
    goal: str | None
    stop: str | None
    is_on: bool
    on_at: datetime | None
    revision: int
    stages: tuple[Stage, ...]

    @property
    def first(self) -> Stage:
        """The step at which everybody begins."""
        return next(stage for stage in self.stages if not stage.is_removed)

    def stage(self, step_id: int) -> Stage:
        """Return one step by its number."""
        return next(stage for stage in self.stages if stage.id == step_id)

    def after(self, stage: Stage) -> Stage | None:
        """Return the step in force that follows a step, None after the last one."""
        later = (one for one in self.stages if not one.is_removed and one.position > stage.position)
        return next(later, None)


_PLANS = select(*_COLUMNS).order_by(_SERIES.c.id)
_STAMPS = select(_SERIES.c.id, _SERIES.c.revision, _SERIES.c.updated_at).order_by(_SERIES.c.id)
_LIVE = _STAMPS.where(_SERIES.c.is_on.is_(True), _SERIES.c.error.is_(None))
_NAMED = _STAMPS.where(_SERIES.c.id.in_(bindparam("numbers", expanding=True)))
Stamp = tuple[int, Any]  # revision and when: what is kept under it never changes

# Every write that touches people asks for the series that are on: they are read again only when edited.
_known: dict[str, dict[int, tuple[Stamp, Plan]]] = {}


def live(session: Session) -> list[Plan]:
    """Return the series that are on and can be read."""
    return _read(session, _LIVE, {})


def of(session: Session, numbers: Collection[int]) -> dict[int, Plan]:
    """Return these series by number, whether on or off."""
    found = _read(session, _NAMED, {"numbers": sorted(numbers)}) if numbers else []
    return {plan.id: plan for plan in found}


def _read(session: Session, which: Select[Any], values: dict[str, Any]) -> list[Plan]:
    connection = session.connection()
    stamps = {row.id: (row.revision, row.updated_at) for row in connection.execute(which, values)}
    if not stamps:
        return []
    known = _known.setdefault(str(connection.engine.url), {})
    fresh = [number for number, stamp in stamps.items() if number not in known or known[number][0] != stamp]
    if fresh:
        for plan in _load(session, fresh):
            known[plan.id] = (stamps[plan.id], plan)
    return [known[number][1] for number in stamps]


def _load(session: Session, numbers: Collection[int]) -> list[Plan]:
    connection = session.connection()
    rows = connection.execute(_PLANS.where(_SERIES.c.id.in_(numbers))).all()
    stages: dict[int, list[Stage]] = defaultdict(list)
    steps = select(_STEPS).where(_STEPS.c.series_id.in_(numbers))
    for step in connection.execute(steps.order_by(_STEPS.c.position)):
        stages[step.series_id].append(
            Stage(
                step.id, step.key, step.position, step.kind, Delay.read(step.delay), step.condition,
                step.campaign_id, step.letter_key, step.detail, step.removed_at is not None,
            )
        )  # fmt: skip
    return [
        Plan(
            row.id, row.name, row.purpose, row.topic_id, Start(**row.start), row.again, row.again_days,
            row.goal, row.stop, row.is_on, row.on_at, row.revision, tuple(stages[row.id]),
        )
        for row in rows
    ]  # fmt: skip
