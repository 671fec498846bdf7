"""Checking a series against this database: segments, topics, other series and fields its file names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from core.errors import KvizorError
from core.mailing.series.definition import SeriesError, is_calendar
from core.mailing.series.folder import names
from core.mailing.series.models import Series
from core.people import topics
from core.quizzes.problems import Problem, nearest
from core.segments import audience
from core.segments.models import Segment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.series.definition import Definition
    from core.mailing.series.reading import Place
    from core.mailing.series.source import Loaded


def check(session: Session, loaded: Loaded, now: datetime) -> None:
    """Raise SeriesError with all that a series asks for and this database does not have."""
    found = set(_problems(session, loaded, now))
    if found:
        raise SeriesError("\n".join(map(str, sorted(found))))


def _problems(session: Session, loaded: Loaded, now: datetime) -> Iterator[Problem]:
    given, at = loaded.definition, loaded.source.problem
    for place, rule in rules(given):
        try:
            audience.condition(session, rule, now)
        except KvizorError as error:
            yield at(place, f"the rule `{rule}` cannot be used ({error})", "mend it")
    if given.start.kind == "segment":
        segments = sorted(session.scalars(select(Segment.name)))
        if given.start.what not in segments:
            what = f"there is no segment `{given.start.what}`"
            yield at(("starts", "segment"), what, nearest(given.start.what, segments))
    if given.topic is not None:
        try:
            topics.require(session, given.topic)
        except KvizorError as error:
            yield at(("topic",), str(error).rstrip("."), "make it in /topics, or leave it out")
    series = sorted({*session.scalars(select(Series.name)), *names()})  # a shipped one may come later
    for number, step in enumerate(given.steps):
        if step.kind == "series" and step.target not in {*series, given.name}:
            yield at(("steps", number, "series"), f"there is no series `{step.target}`", "add its file first")
        elif step.kind == "series" and step.target == given.name:
            yield at(("steps", number, "series"), "a series cannot hand people on to itself", "name another")


def rules(given: Definition) -> Iterator[tuple[Place, str]]:
    """Return every rule of a series with its place in the file."""
    if given.start.kind == "date" and not is_calendar(given.start.what):
        yield ("starts", "date"), f"{given.start.what} is today"
    for name in ("goal", "stop"):
        rule = getattr(given, name)
        if rule:
            yield (name,), rule
    for number, step in enumerate(given.steps):
        if step.condition:
            yield ("steps", number, "if"), step.condition
        if step.until:
            yield ("steps", number, "wait", "until"), step.until
        for place, variant in enumerate(step.variants):
            if variant.rule:
                yield ("steps", number, "letter", place, "rule"), variant.rule
