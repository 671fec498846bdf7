"""The owner's own file about scores: YAML (or JSON, which is YAML), every mistake told with its line."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import KvizorError
from core.quizzes.problems import Problem, QuizError, nearest
from core.quizzes.source import Source, Wording, read_source
from core.segments.scores import health, shipped
from core.segments.scores.lead import LONGEST_DAYS, EventPoints, Points
from core.segments.scores.lifecycle import NEW_DAYS
from core.segments.scores.scheme import SHIPPED, Scheme

if TYPE_CHECKING:
    from collections.abc import Callable

Place = tuple[str | int, ...]
_WORDING = Wording("set of points", "docs/scores.md shows one", "write only what differs from what ships")
_SECTIONS = ("lead", "health", "lifecycle")
_LEAD = ("answers", "events", "fit_cap", "engagement_cap", "group_caps")
_HEALTH = ("weights", "milestones")
_LIFECYCLE = ("at_risk_days", "lapsed_days", "new_days")
_EVENT = ("points", "days", "group")


class SchemeError(KvizorError):
    """The file about scores cannot be used; the message lists every problem, one a line."""


def read_scheme(file: str) -> Scheme:
    """Return what the file says, in all else what ships; without a file what ships. Raises SchemeError."""
    if not file:
        return SHIPPED
    path = Path(file)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SchemeError(f"{path.name} cannot be read: {reason}. SCORES_FILE names it.") from None
    try:
        source = read_source(text, path.name, _WORDING)
    except QuizError as error:
        raise SchemeError(str(error)) from None
    return _Reading(source).scheme()


class _Reading:
    """Checks the parts of a file one by one; whatever is wrong is collected with its place."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._problems: list[Problem] = []

    def scheme(self) -> Scheme:
        """Return the scheme; raises SchemeError with all problems."""
        self._known((), _SECTIONS)
        made = (self._lead(), *self._health(), *self._lifecycle())
        if self._problems:
            raise SchemeError("\n".join(map(str, sorted(set(self._problems)))))
        return Scheme(*made)

    def _lead(self) -> Points:
        place: Place = ("lead",)
        self._known(place, _LEAD)
        answers = shipped.ANSWERS
        if self._given((*place, "answers")) is not None:
            answers = {question: self._answers(question) for question in self._map((*place, "answers"))}
        events = shipped.EVENTS
        if self._given((*place, "events")) is not None:
            events = {kind: self._event(kind) for kind in self._map((*place, "events"))}
        caps = shipped.GROUP_CAPS
        if self._given((*place, "group_caps")) is not None:
            names = self._map((*place, "group_caps"))
            caps = {name: self._number((*place, "group_caps", name), 1, _is_positive) for name in names}
        fit, engagement = (
            self._number((*place, name), 50, _is_positive) for name in ("fit_cap", "engagement_cap")
        )
        return Points(answers, events, fit, engagement, caps)

    def _answers(self, question: str) -> dict[str, float]:
        place: Place = ("lead", "answers", question)
        quiz, dot, name = question.partition(".")
        if not (quiz and dot and name):
            self._tell(place, f"`{question}` names no quiz", "write quiz.question, e.g. lead.term")
        return {answer: self._number((*place, answer), 0) for answer in self._map(place)}

    def _event(self, kind: str) -> EventPoints:
        place: Place = ("lead", "events", kind)
        self._known(place, _EVENT)
        days = self._number((*place, "days"), 30, _is_days)
        group = self._given((*place, "group"))
        if group is not None and not isinstance(group, str):
            self._tell((*place, "group"), "the group of an event is a word", "write e.g. `group: talk`")
        return EventPoints(self._number((*place, "points"), 0), int(days), str(group or ""))

    def _health(self) -> tuple[dict[str, float], tuple[str, ...]]:
        place: Place = ("health",)
        self._known(place, _HEALTH)
        self._known((*place, "weights"), tuple(health.WEIGHTS))
        weights = {
            name: self._number((*place, "weights", name), usual, _is_weight)
            for name, usual in health.WEIGHTS.items()
        }
        if not weights["outcome"]:
            what = "purchases weigh nothing: of most buyers nothing else is known"
            self._tell((*place, "weights", "outcome"), what, "write a weight above zero")
        return weights, self._kinds((*place, "milestones"))

    def _kinds(self, place: Place) -> tuple[str, ...]:
        given = self._given(place)
        if given is None:
            return ()
        if not isinstance(given, list) or not all(isinstance(one, str) and one for one in given):
            self._tell(place, "milestones are a list of kinds of events", "write e.g. [file_taken, paid]")
            return ()
        return tuple(dict.fromkeys(given))

    def _lifecycle(self) -> tuple[float | None, float | None, int]:
        place: Place = ("lifecycle",)
        self._known(place, _LIFECYCLE)
        risk, lapsed = (
            None if self._given((*place, name)) is None else self._number((*place, name), 1, _is_positive)
            for name in ("at_risk_days", "lapsed_days")
        )
        if risk is not None and lapsed is not None and risk >= lapsed:
            what = f"lapsed begins after {lapsed:g} days, not later than at risk ({risk:g})"
            self._tell((*place, "lapsed_days"), what, "give lapsed the larger number")
        return risk, lapsed, int(self._number((*place, "new_days"), NEW_DAYS, _is_days))

    def _given(self, place: Place) -> Any:
        found = self._source.data
        for name in place:
            found = found.get(name) if isinstance(found, dict) else None
        return found

    def _map(self, place: Place) -> dict[str, Any]:
        found = self._given(place)
        if isinstance(found, dict):
            return found
        if found is not None:
            self._tell(place, "here should stand names with values", "write `name: value`, indented")
        return {}

    def _known(self, place: Place, names: tuple[str, ...]) -> None:
        for name in self._map(place):
            if name not in names:
                self._tell((*place, name, ""), f"unknown key `{name}`", nearest(name, names))

    def _number(self, place: Place, usual: float, fits: Callable[[float], str] = lambda _: "") -> float:
        given = self._given(place)
        if given is None:
            return usual
        if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
            self._tell(place, f"`{str(given)[:40]}` is no number", "write digits, e.g. 15 or 2.5")
            return usual
        wish = "write a smaller number" if abs(given) > _LARGEST else fits(given)
        if wish:
            self._tell(place, f"{given:g} does not fit here", wish)
            return usual
        return given

    def _tell(self, place: Place, what: str, remedy: str) -> None:
        self._problems.append(Problem(self._source.file, *self._source.place(place), what, remedy))


_LARGEST = 1e6


def _is_positive(number: float) -> str:
    return "" if number > 0 else "write a number above zero"


def _is_weight(number: float) -> str:
    return "" if number >= 0 else "write zero or more"


def _is_days(number: float) -> str:
    whole = number == int(number) and 1 <= number <= LONGEST_DAYS
    return "" if whole else f"write whole days from 1 to {LONGEST_DAYS}"
