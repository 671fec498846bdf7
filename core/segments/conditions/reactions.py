"""Conditions on what people did with one series or one campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, exists, func, select

from core.db import table
from core.people.models import DailyCount, Event
from core.segments.binds import Binds
from core.segments.conditions.condition import Condition, Found, Look, Reading, form
from core.segments.fields import SUBSCRIBERS
from core.segments.predicates import Detail
from core.segments.words import write

if TYPE_CHECKING:
    from core.segments.words import Language, Span

_DAILY = table(DailyCount)
_EVENTS = table(Event)
_OWN = SUBSCRIBERS.c.id
_FACTS = {  # form → the event, and its detail that says which series or campaign
    "finished": ("series_finished", "series"),
    "clicked": ("message_clicked", "campaign"),
    "answered": ("letter_answered", "campaign"),
}
_SAID = {  # form → ru, ru negated, en, en negated
    "finished": (
        "серия {} пройдена",
        "серия {} не пройдена",
        "finished the series {}",
        "did not finish the series {}",
    ),
    "clicked": (
        "есть нажатие в рассылке {}",
        "нет нажатий в рассылке {}",
        "tapped in the campaign {}",
        "tapped nothing in the campaign {}",
    ),
    "answered": (
        "есть ответ на рассылку {}",
        "нет ответа на рассылку {}",
        "answered the campaign {}",
        "did not answer the campaign {}",
    ),
}


@form("finished_series", "finished_series_within", "clicked", "clicked_within", "answered", "answered_within")
@dataclass(frozen=True, slots=True)
class Reaction(Condition):
    """`finished series "sales"`, `answered campaign 12 within 30 days`; a campaign by its number.

    Daily counters do not say of which campaign: the person's own events do. They are read, by the index on
    the person, only of those whose counters have such an event in the time asked for.
    """

    act: str  # finished | clicked | answered
    of: str
    span: Span | None = None

    @classmethod
    def read(cls, reading: Reading) -> Reaction:
        """Build it from `finished series name`, `clicked campaign number`, … `[within span]`."""
        act = reading.form.split("_")[0]
        of = reading.parts[0].value if act == "finished" else str(reading.count(0))
        span = reading.whole_days(1) if reading.form.endswith("within") else None
        return cls(act, of, span)

    @property
    def kind(self) -> str:
        """The kind of event it asks for."""
        return _FACTS[self.act][0]

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """EXISTS over daily counters, then over the person's events."""
        counted: list[ColumnElement[bool]] = [_DAILY.c.subscriber_id == _OWN, _DAILY.c.kind == self.kind]
        if self.span is not None:
            counted.append(_DAILY.c.day >= binds.day_ago(self.span))
        happened = exists().select_from(_EVENTS).where(_EVENTS.c.subscriber_id == _OWN, *self._is_of(binds))
        return and_(
            exists().select_from(_DAILY).where(*counted).correlate(SUBSCRIBERS),
            happened.correlate(SUBSCRIBERS),
        )

    def text(self) -> str:
        """`answered campaign 12 within span`."""
        of = f"series {write(self.of)}" if self.act == "finished" else f"campaign {self.of}"
        return f"{self.act} {of}{f' within {self.span.text()}' if self.span else ''}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Есть ответ на рассылку № 12 за последние 30 дней"."""
        russian = language == "ru"
        number, name = (f"№ {self.of}", f"«{self.of}»") if russian else (f"no. {self.of}", f"“{self.of}”")
        said = _SAID[self.act][(0 if russian else 2) + negated].format(
            name if self.act == "finished" else number
        )
        last = self.span.last(language) if self.span else ""
        return f"{said} {'за' if russian else 'within'} {last}" if last else said

    def found(self, look: Look) -> Found:
        """Whether it happened, and when for the first time in the time asked for."""
        binds = Binds({}, (look.now, look.zone))
        query = select(func.min(_EVENTS.c.at)).where(
            _EVENTS.c.subscriber_id == look.subscriber_id, *self._is_of(binds)
        )
        since = look.session.scalar(query)
        return Found(since is not None, since)

    def _is_of(self, binds: Binds) -> list[ColumnElement[bool]]:
        kind, detail = _FACTS[self.act]
        own = [_EVENTS.c.kind == kind, Detail(_EVENTS.c.detail, detail) == self.of]
        return [*own, _EVENTS.c.at >= binds.day_start_ago(self.span)] if self.span else own

    @property
    def reads(self) -> frozenset[str]:
        """Daily counters and, of those who have the event, their events."""
        return frozenset({"daily_counts", "events"})
