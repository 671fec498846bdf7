"""Conditions on what people did with one quiz: began it, finished it, finished it with one result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, exists, func, select

from core.db import table
from core.quizzes.models import QuizRun
from core.segments.binds import Binds
from core.segments.conditions.condition import Condition, Found, Look, Reading, form
from core.segments.fields import SUBSCRIBERS
from core.segments.words import aloud, write

if TYPE_CHECKING:
    from datetime import datetime

    from core.segments.words import Language, Span

_RUNS = table(QuizRun)
_SAID = {  # act → ru, ru negated, en, en negated
    "started": ("начат {}", "не начат {}", "started {}", "did not start {}"),
    "finished": ("пройден {}", "не пройден {}", "finished {}", "did not finish {}"),
}


@form(
    "started_quiz",
    "started_quiz_within",
    "finished_quiz",
    "finished_quiz_within",
    "finished_quiz_with",
    "finished_quiz_with_within",
)
@dataclass(frozen=True, slots=True)
class QuizTaken(Condition):
    """`started quiz entry within 7 days`, `finished quiz entry with owner`: any walk of the person counts,
    an owner's trial does not; a result by its id."""

    act: str  # started | finished
    quiz: str
    result: str | None = None
    span: Span | None = None
    titles: tuple[str, str] | None = field(default=None, compare=False, repr=False)  # ru, en, of the quiz

    @classmethod
    def read(cls, reading: Reading) -> QuizTaken:
        """Build it from `started quiz name [within span]`, `finished quiz name [with name] [within span]`."""
        with_result = "_with" in reading.form.removesuffix("_within")
        result = reading.parts[1].value if with_result else None
        span = reading.whole_days(len(reading.parts) - 1) if reading.form.endswith("within") else None
        return cls(reading.form.split("_")[0], reading.parts[0].value, result, span)

    def sql(self, binds: Binds) -> ColumnElement[bool]:
        """EXISTS over the person's walks."""
        own = (_RUNS.c.subscriber_id == SUBSCRIBERS.c.id, *self._asked(binds))
        return exists().select_from(_RUNS).where(*own).correlate(SUBSCRIBERS)

    def text(self) -> str:
        """`finished quiz name with result within span`."""
        result = f" with {write(self.result)}" if self.result is not None else ""
        span = f" within {self.span.text()}" if self.span else ""
        return f"{self.act} quiz {write(self.quiz)}{result}{span}"

    def sentence(self, language: Language, *, negated: bool = False) -> str:
        """ "Пройден квиз «entry» за последние 30 дней"."""
        russian = language == "ru"
        name = aloud(self.titles[not russian] if self.titles else self.quiz, language)
        said = _SAID[self.act][(0 if russian else 2) + negated]
        parts = [said.format(f"квиз {name}" if russian else f"the quiz {name}")]
        if self.result is not None:
            parts.append(f"{'с итогом' if russian else 'with the result'} {aloud(self.result, language)}")
        if self.span:
            parts.append(f"{'за' if russian else 'within'} {self.span.last(language)}")
        return " ".join(parts)

    def found(self, look: Look) -> Found:
        """Whether it happened, and when for the first time in the time asked for."""
        asked = self._asked(Binds({}, (look.now, look.zone)))
        query = select(func.min(self._moment)).where(_RUNS.c.subscriber_id == look.subscriber_id, *asked)
        since: datetime | None = look.session.scalar(query)
        return Found(since is not None, since)

    @property
    def _moment(self) -> ColumnElement[Any]:
        return _RUNS.c.started_at if self.act == "started" else _RUNS.c.finished_at

    def asked_of_anybody(self) -> list[ColumnElement[bool]]:
        """SQL: the walks, of whomever and whenever, that the rule asks for."""
        asked: list[ColumnElement[bool]] = [_RUNS.c.quiz == self.quiz, _RUNS.c.is_trial.is_(False)]
        if self.act == "finished":
            asked.append(_RUNS.c.finished_at.is_not(None))
        if self.result is not None:
            asked.append(_RUNS.c.result == self.result)
        return asked

    def _asked(self, binds: Binds) -> list[ColumnElement[bool]]:
        asked = self.asked_of_anybody()
        if self.span is not None:
            asked.append(self._moment >= binds.day_start_ago(self.span))
        return asked

    @property
    def reads(self) -> frozenset[str]:
        """Walks through quizzes."""
        return frozenset({_RUNS.name})
