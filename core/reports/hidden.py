"""Hidden groups: people who are alike in several ways at once, found by k-means and told in words.

Nothing here runs by itself: the owner asks. Groups are looked for in a sample of at most 20,000 people, the
same each time, with a fixed seed; everybody is then given to the nearest group, a chunk at a time, so that a
million people need no more memory than fifty thousand. Where the data hold no groups, that is the answer.
"""

from __future__ import annotations

import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import select

from core.reports import clusters
from core.reports.chunks import chunks, counted, sampled, span
from core.reports.hidden_fields import Feature, Scale, features, scale
from core.reports.hidden_rules import Approximation, approximate
from core.segments.audience import PEOPLE
from core.segments.fields import SUBSCRIBERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database
    from core.reports.clusters import Clusters
    from core.reports.facets import Terms

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
FITTED_ON, JUDGED_ON = 20_000, 5000
FEWEST = 100  # people below whom nothing is looked for
AGREEMENT = 0.9  # from which a rule stands for the group
TELLING = 0.4  # standard deviations from the rest that are worth a word
MOST_WORDS = 3
NEVER_BOUGHT = ("ещё не покупали", "have not bought yet")


@dataclass(frozen=True)
class Group:
    """One group: its place by size from 1, its people, what tells it from the others, the rule nearest to it.

    `centre` is its row among the centres, which means something within one search only.
    """

    number: int
    centre: int
    people: int
    share: float
    words: tuple[tuple[str, str], ...]
    rule: Approximation | None

    @property
    def has_rule(self) -> bool:
        """Whether a rule finds nearly the same people; else they get a tag."""
        return self.rule is not None and self.rule.agreement >= AGREEMENT

    @property
    def mark(self) -> str:
        """What knows it again: another search gives the same mark to a group of as many people, alike."""
        told = (self.people, self.words, self.rule.rule if self.rule is not None else "")
        return f"{zlib.crc32(repr(told).encode()):08x}"

    def title(self, language: str) -> str:
        """Return its name: its strongest differences."""
        said = ", ".join(word[language == "en"] for word in self.words)
        plain = "ничем не выделяются" if language == "ru" else "stand out by nothing"
        return (said or plain)[:1].upper() + (said or plain)[1:]


@dataclass(frozen=True)
class Hidden:
    """What was found: `groups` is empty where the data hold none."""

    groups: tuple[Group, ...]
    clusters: Clusters | None
    features: tuple[Feature, ...]
    scale: Scale | None
    people: int  # in the base
    fitted_on: int
    counted_at: datetime
    seconds: float

    def marked(self, mark: str) -> Group | None:
        """Return the group of a mark; None if this search has not found it."""
        return next((group for group in self.groups if group.mark == mark), None)


def hidden(db: Database, terms: Terms, seed: int = 1) -> Hidden:
    """Look for groups nobody has named. Call it in a thread: seconds, of a million people about a minute."""
    begun = time.monotonic()
    return db.read_now(_hidden, terms, seed, begun)


def _hidden(session: Session, terms: Terms, seed: int, begun: float) -> Hidden:
    asked = features(session, terms)
    everybody = counted(session, None, terms.now)
    raw = np.concatenate(
        [np.empty((0, len(asked)))]
        + [part for _, part in read(session, asked, (*everybody, *sampled(session, FITTED_ON)))]
    )
    asked, raw = _varied(asked, raw)
    found = _clusters(raw, asked, seed)
    people = 0
    groups: tuple[Group, ...] = ()
    if found is not None and found[0].is_real:
        groups, people = _groups(session, found[0], found[1], asked, raw, everybody)
    return Hidden(
        groups=groups,
        clusters=found[0] if found else None,
        features=tuple(asked),
        scale=found[1] if found else None,
        people=people,
        fitted_on=len(raw),
        counted_at=terms.now,
        seconds=time.monotonic() - begun,
    )


def _varied(asked: list[Feature], raw: Floats) -> tuple[list[Feature], Floats]:
    """Leave out what is the same, or unknown, of everybody, and what says another field again."""
    if not len(raw):
        return [], raw
    kept: list[int] = []
    for place, column in enumerate(raw.T):
        is_same = any(np.array_equal(column, raw[:, other], equal_nan=True) for other in kept)
        if len(np.unique(column[~np.isnan(column)])) > 1 and not is_same:
            kept.append(place)
    return [asked[place] for place in kept], raw[:, kept]


def _clusters(raw: Floats, asked: list[Feature], seed: int) -> tuple[Clusters, Scale] | None:
    if len(raw) < FEWEST or len(asked) < 2:
        return None
    measure = scale(raw, asked)
    points = measure.points(raw)
    rng = np.random.default_rng(seed)
    some = points if len(points) <= JUDGED_ON else points[rng.choice(len(points), JUDGED_ON, replace=False)]
    found = clusters.find(some, seed)
    return None if found is None else (found, measure)


def read(session: Session, asked: list[Feature], which: Any) -> Iterator[tuple[Ints, Floats]]:
    """Yield the people of each chunk and their numbers."""
    columns = [one.number.column.label(f"n{place}") for place, one in enumerate(asked)]
    for low, high in chunks(session):
        query = select(SUBSCRIBERS.c.id, *columns).select_from(PEOPLE).where(*span(low, high), *which)
        rows = session.execute(query.order_by(SUBSCRIBERS.c.id)).all()
        if rows:
            values = [one.number.read([row[place] for row in rows]) for place, one in enumerate(asked, 1)]
            yield np.array([row[0] for row in rows], np.int64), np.column_stack(values)


def _groups(
    session: Session, found: Clusters, measure: Scale, asked: list[Feature], raw: Floats, everybody: Any
) -> tuple[tuple[Group, ...], int]:
    sizes = np.zeros(found.count, np.int64)
    for _, part in read(session, asked, everybody):
        sizes += np.bincount(clusters.nearest(measure.points(part), found.centres), minlength=found.count)
    people = int(sizes.sum())
    labels = clusters.nearest(measure.points(raw), found.centres)
    order = np.argsort(-sizes, kind="stable")
    groups = [
        Group(
            number=place,
            centre=int(centre),
            people=int(sizes[centre]),
            share=float(sizes[centre]) / people,
            words=_words(raw, asked, measure, labels == centre),
            rule=approximate(raw, asked, labels == centre),
        )
        for place, centre in enumerate(order, 1)
    ]
    return tuple(groups), people


def _words(raw: Floats, asked: list[Feature], measure: Scale, inside: Any) -> tuple[tuple[str, str], ...]:
    """Return the strongest differences from everybody else in words."""
    points = measure.points(raw) / measure.weight
    apart = points[inside].mean(0) - (points[~inside].mean(0) if (~inside).any() else 0.0)
    said: list[tuple[str, str]] = []
    for place in np.argsort(-np.abs(apart), kind="stable"):
        feature = asked[int(place)]
        if abs(apart[place]) < TELLING or len(said) == MOST_WORDS:
            break
        high, low, nought = feature.words
        mine = raw[inside, place]
        known = mine[~np.isnan(mine)]
        if feature.name == "last_purchase" and len(known) < len(mine) / 2:
            word = NEVER_BOUGHT
        else:
            is_nought = len(known) == 0 or float(np.median(known)) == 0
            word = high if apart[place] > 0 else nought if is_nought else low
        if word not in said:
            said.append(word)
    return tuple(said)
