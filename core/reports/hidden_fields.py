"""What hidden groups are looked for by: a person's numbers, put on one scale, with words for high and low."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import case, exists, func, literal, select

from core.db import table
from core.quizzes.models import Answer
from core.reports.facet_list import all_facets
from core.reports.facets import facet
from core.reports.numbers import Number, of_field
from core.segments import catalogue
from core.segments.fields import SUBSCRIBERS
from core.segments.words import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from core.reports.facets import Terms

Floats = np.ndarray[Any, np.dtype[np.float64]]
_ANSWERS = table(Answer)
FARTHEST = 4.0  # standard deviations: what lies beyond counts as this far
MOST_QUESTIONS, MOST_ANSWERS = 2, 6
LOGGED = frozenset({"purchases", "spent", "last_purchase", "last_seen"})
# field: in words when high, when low, when nought
WORDS: dict[str, tuple[tuple[str, str], tuple[str, str], tuple[str, str]]] = {
    "purchases": (
        ("часто покупают", "buy often"), ("покупают редко", "buy seldom"),
        ("ещё не покупали", "have not bought yet"),
    ),
    "spent": (
        ("приносят много денег", "bring much money"), ("тратят немного", "spend little"),
        ("ещё не покупали", "have not bought yet"),
    ),
    "last_purchase": (
        ("давно не покупали", "have not bought for long"), ("покупали недавно", "bought lately"),
        ("покупали недавно", "bought lately"),
    ),
    "last_seen": (
        ("молчат в чате", "are silent in the chat"), ("активны в чате", "are active in the chat"),
        ("активны в чате", "are active in the chat"),
    ),
    "joined": (
        ("давно в базе", "have long been in the base"), ("пришли недавно", "came lately"),
        ("пришли недавно", "came lately"),
    ),
    "unanswered": (
        ("не отвечают на письма", "leave letters unanswered"), ("отвечают на письма", "answer letters"),
        ("отвечают на письма", "answer letters"),
    ),
    "letters": (
        ("получили много писем", "got many letters"), ("получили мало писем", "got few letters"),
        ("писем не получали", "got no letters"),
    ),
    "engagement": (
        ("вовлечены", "are engaged"), ("вовлечены слабо", "are hardly engaged"),
        ("вовлечены слабо", "are hardly engaged"),
    ),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Feature:
    """One number of a person: how it is said when it stands out, and how a rule asks for it."""

    number: Number
    words: tuple[tuple[str, str], tuple[str, str], tuple[str, str]]
    rule: str  # field of a rule: purchases, or `quiz entry.role = owner` for a yes-or-no
    is_answer: bool = False

    @property
    def name(self) -> str:
        """The field."""
        return self.number.name


@dataclass(frozen=True)
class Scale:
    """How raw numbers become coordinates: what stands for the unknown, then the mean and the spread."""

    logged: tuple[bool, ...]
    missing: Floats
    middle: Floats
    spread: Floats
    weight: Floats

    def points(self, raw: Floats) -> Floats:
        """Return the coordinates of people, a row each."""
        filled = np.where(np.isnan(raw), self.missing, raw)
        bent = np.where(self.logged, np.log1p(np.maximum(filled, 0)), filled)
        inside = np.clip((bent - self.middle) / self.spread, -FARTHEST, FARTHEST)
        return np.asarray(inside * self.weight)


def scale(raw: Floats, features: list[Feature]) -> Scale:
    """Fit a scale. Who never bought stands where the longest silence is, other unknowns in the middle."""
    logged = tuple(feature.name in LOGGED for feature in features)
    missing = np.array([_missing(column, feature) for column, feature in zip(raw.T, features, strict=True)])
    filled = np.where(np.isnan(raw), missing, raw)
    bent = np.where(logged, np.log1p(np.maximum(filled, 0)), filled)
    spread = bent.std(0)
    answers = max(sum(feature.is_answer for feature in features), 1)
    weight = np.array([1 / np.sqrt(answers) if feature.is_answer else 1.0 for feature in features])
    return Scale(logged, missing, bent.mean(0), np.where(spread > 0, spread, 1.0), weight)


def _missing(column: Floats, feature: Feature) -> float:
    known = column[~np.isnan(column)]
    if not len(known):
        return 0.0
    return float(known.max() if feature.name == "last_purchase" else np.median(known))


def features(session: Session, terms: Terms) -> list[Feature]:
    """Return what there is to look by: fields of the profile and the commonest answers."""
    found = [
        Feature(of_field(catalogue.FIELDS[name], terms.now), words, name)
        for name, words in WORDS.items()
        if name in catalogue.FIELDS
    ]
    return [*found, *_answers(session, terms)]


def _answers(session: Session, terms: Terms) -> Iterator[Feature]:
    asked = [name for name in all_facets(session, terms.library, with_segments=False) if _is_asked(name)]
    for name in asked[:MOST_QUESTIONS]:
        question = facet(session, name, terms)
        if question.is_ordered:
            continue
        quiz, _, key = name.removeprefix("quiz ").partition(".")
        own = (_ANSWERS.c.quiz == quiz, _ANSWERS.c.question == key)
        said = {word[0]: word[1:] for word in question.words}
        given = session.execute(
            select(_ANSWERS.c.folded).where(*own).group_by(_ANSWERS.c.folded)
            .order_by(func.count().desc(), _ANSWERS.c.folded).limit(MOST_ANSWERS)
        )  # fmt: skip
        for (value,) in given:
            ru, en = said.get(value, (value, value))
            high = (f"ответили «{ru}»", f"answered “{en}”")
            low = (f"не ответили «{ru}»", f"did not answer “{en}”")
            has = exists().where(
                *own, _ANSWERS.c.subscriber_id == SUBSCRIBERS.c.id, _ANSWERS.c.folded == value
            )
            column = case((has, literal(1)), else_=literal(0))
            yield Feature(
                Number(f"{name}={value}", high, column), (high, low, low),
                f"quiz {write(quiz)}.{write(key)} = {write(value)}", is_answer=True,
            )  # fmt: skip


def _is_asked(name: str) -> bool:
    return name.startswith("quiz ") and not name.endswith((".result", ".score"))
