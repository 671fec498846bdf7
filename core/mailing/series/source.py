"""Files of series: YAML, read strictly; a mistake is told as `file:line:column: what is wrong; remedy`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.mailing.series.definition import (
    KINDS,
    PURPOSES,
    STARTS,
    WEEKDAYS,
    Definition,
    Delay,
    SeriesError,
    Start,
    Step,
    is_calendar,
)  # fmt: skip
from core.mailing.series.reading import Place, Reading
from core.mailing.series.texts import read_variants
from core.quizzes.problems import QuizError
from core.quizzes.source import Wording, read_source

if TYPE_CHECKING:
    from pathlib import Path

    from core.quizzes.source import Source

WORDING = Wording("series", "write a series, see docs/series.md", "split it into several series")
SEE = "see docs/series.md"
NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
KEY = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_TOP = (
    "name", "title", "about", "kind", "purpose", "topic", "starts", "again", "goal", "stop", "steps",
)  # fmt: skip
_WHEN = ("key", "after", "at", "weekdays", "if")
_ACTS = ("letter", "tag", "series", "wait")
_AFTER = re.compile(r"(\d{1,4}) (minute|hour|day|week)s?")
_AT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_MOST_DAYS = 366
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Loaded:
    """A definition with its text, and the places by which problems are told."""

    definition: Definition
    text: str
    source: Source


def load_file(path: Path) -> Loaded:
    """Read a file. Raises SeriesError with all problems."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SeriesError(f"{path.name} cannot be read: {reason}.") from None
    return load(text, path.name)


def load(text: str, file: str) -> Loaded:
    """Read the text of a file. Raises SeriesError with all problems."""
    try:
        source = read_source(text, file, WORDING)
    except QuizError as error:
        raise SeriesError(str(error)) from None
    reading = Reading(source, SEE)
    definition = _Reader(reading).definition()
    reading.close()
    return Loaded(definition, text, source)


class _Reader:
    """Reads the parts of a series one by one; whatever is wrong is collected with its place."""

    def __init__(self, reading: Reading) -> None:
        self._r = reading

    def definition(self) -> Definition:
        r = self._r
        r.known((), _TOP)
        name = r.word(("name",), NAME, "a name is a–z, 0–9, dash, underscore, at most 40, e.g. `welcome`")
        start, again = self._start(), self._again()
        if start.kind == "date" and r.given(("again",)) is None:
            r.tell(("starts",), "a date comes every year", "say `again: each` or `again: never`")
        return Definition(
            name=name,
            titles=self._both(("title",), name),
            kind=r.one_of(("kind",), KINDS),
            purpose=r.one_of(("purpose",), PURPOSES),
            start=start,
            steps=self._steps(name),
            about=self._both(("about",), ""),
            topic=r.text(("topic",)),
            again=again[0],
            again_days=again[1],
            goal=r.rule(("goal",)),
            stop=r.rule(("stop",)),
        )

    def _both(self, place: Place, usual: str) -> tuple[str, str]:
        """A text for people in Russian and English; a plain text serves both."""
        if isinstance(self._r.given(place), str):
            text = self._r.text(place) or usual
            return text, text
        self._r.known(place, ("ru", "en"))
        russian, english = (self._r.text((*place, language)) for language in ("ru", "en"))
        return russian or english or usual, english or russian or usual

    def _start(self) -> Start:
        r, place = self._r, ("starts",)
        found = [kind for kind in STARTS if r.given((*place, kind)) is not None]
        if len(found) != 1:
            r.tell(place, "a series starts by one thing", f"write one of {', '.join(STARTS)}")
            return Start("hand")
        kind = found[0]
        r.known(place, (kind, *(("result",) if kind == "quiz" else ("days",) if kind == "date" else ())))
        if kind == "hand":
            if r.given((*place, kind)) is not True:
                r.tell((*place, kind), "this is either so or not there", "write `hand: true`")
            return Start(kind)
        days = r.whole((*place, "days"), 0, -180, 180) if kind == "date" else 0
        result = r.text((*place, "result")) if kind == "quiz" else None
        what = r.text((*place, kind)) or ""
        if kind == "date" and what and not is_calendar(what):
            r.rule_text((*place, kind), f"{what} is today")
        return Start(kind, what, result, days)

    def _again(self) -> tuple[str, int | None]:
        r, place = self._r, ("again",)
        if isinstance(r.given(place), dict):
            r.known(place, ("days",))
            return "days", r.whole((*place, "days"), 0, 1, 3650)
        if r.given(place) is None:
            return "never", None
        return r.one_of(place, ("never", "each"), "or `{days: 90}`"), None

    def _steps(self, name: str) -> tuple[Step, ...]:
        r, place = self._r, ("steps",)
        given = r.given(place)
        if not isinstance(given, list) or not 1 <= len(given) <= _MOST_STEPS:
            r.tell(place, "a series has steps, a list of them", f"write 1–{_MOST_STEPS}, each with a `key`")
            return ()
        steps = [self._step((*place, number)) for number in range(len(given))]
        met: set[str] = set()
        for number, step in enumerate(steps):
            if step.key in met and step.key:
                what = f"the key `{step.key}` is another step's"
                r.tell((*place, number, "key"), what, "give each step a key of its own")
            met.add(step.key)
            is_later_letter = number > 0 and step.kind == "letter" and steps[number - 1].kind == "letter"
            if is_later_letter and r.given((*place, number, "after")) is None:
                remedy = "write e.g. `after: 2 days`"
                r.tell((*place, number), "two letters follow each other without a pause", remedy)
        for number, step in enumerate(steps[:-1]):
            if step.kind == "series" and step.condition is None:
                remedy = "make it the last one, or give it an `if`"
                r.tell((*place, number), "nobody gets beyond this step", remedy)
        return tuple(steps)

    def _step(self, place: Place) -> Step:
        r = self._r
        acts = [act for act in _ACTS if r.given((*place, act)) is not None]
        if len(acts) != 1:
            r.tell(place, "a step does one thing", f"write one of {', '.join(_ACTS)}")
            return Step("", "tag")
        act = acts[0]
        when = ("key",) if act == "wait" else _WHEN
        r.known(place, (*when, act, *(("letter_key",) if act == "letter" else ())))
        key = r.word((*place, "key"), KEY, "a key is a–z, 0–9, dash, underscore, at most 32, e.g. `first`")
        delay = Delay() if act == "wait" else self._delay(place)
        return self._with_act(Step(key, act, delay, r.rule((*place, "if"))), act, (*place, act))

    def _with_act(self, step: Step, act: str, place: Place) -> Step:
        r = self._r
        match act:
            case "letter":
                key = r.text((*place[:-1], "letter_key"))
                return replace(step, variants=read_variants(r, place), letter_key=key)
            case "tag":
                r.known(place, ("add", "remove"))
                add, remove = (r.texts((*place, name)) for name in ("add", "remove"))
                if not add and not remove:
                    r.tell(place, "a step of tags adds or removes some", "write e.g. `tag: {add: [warm]}`")
                return replace(step, add=add, remove=remove)
            case "series":
                return replace(step, target=r.text(place) or "")
        r.known(place, ("until", "days"))
        days = r.whole((*place, "days"), 0, 1, _MOST_DAYS)
        return replace(step, until=r.rule((*place, "until")), days=days)

    def _delay(self, place: Place) -> Delay:
        r = self._r
        days, minutes = self._after((*place, "after"))
        weekdays = r.texts((*place, "weekdays"))
        for day in weekdays:
            if day not in WEEKDAYS:
                r.tell((*place, "weekdays"), f"`{day}` is no day of the week", f"use {', '.join(WEEKDAYS)}")
        at = r.text((*place, "at"))
        found = _AT.fullmatch(at) if at is not None else None
        if at is not None and found is None:
            r.tell((*place, "at"), f"`{at}` is no time of day", 'write e.g. `at: "10:00"`')
        wall = int(found[1]) * 60 + int(found[2]) if found else None
        allowed = tuple(sorted({WEEKDAYS.index(day) for day in weekdays if day in WEEKDAYS}))
        return Delay(days, minutes, wall, allowed)

    def _after(self, place: Place) -> tuple[int, int]:
        given = self._r.given(place)
        if given is None or given == 0:
            return 0, 0
        found = _AFTER.fullmatch(str(given))
        if found is None:
            remedy = "write e.g. `after: 2 days`, `after: 3 hours`, or 0"
            self._r.tell(place, f"`{str(given)[:40]}` is no pause", remedy)
            return 0, 0
        count, unit = int(found[1]), found[2]
        if unit in ("minute", "hour"):
            return 0, count * (60 if unit == "hour" else 1)
        days = count * (7 if unit == "week" else 1)
        if days > _MOST_DAYS:
            self._r.tell(place, "the pause is longer than a year", "write a shorter one")
        return days, 0
