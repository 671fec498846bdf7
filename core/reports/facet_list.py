"""The facets there are: fields of the catalogue and what this base has filled beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlalchemy import select

from core.db import table
from core.people.corrections import BOOKKEEPING
from core.people.models import Tag
from core.people.text import fold
from core.quizzes.models import Answer
from core.segments import catalogue
from core.segments.builder.families import ALSO, TITLES
from core.segments.conditions import IsKnown
from core.segments.fields import RowField
from core.segments.models import Segment
from core.segments.presets import family_titles
from core.segments.titles import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from core.quizzes.loader import Library
    from core.segments.fields import AnyField

_TAGS, _ANSWERS = table(Tag), table(Answer)
MOST_FACETS = 80
_PERSONAL = frozenset({"name", "phone", "email", "birthday", "address", "place"})  # nobody shares them
_WRITTEN = frozenset(
    {"text", "number", "date", "contact", "location", "statement"}
)  # kinds of no few answers


def all_facets(
    session: Session, library: Library | None = None, *, with_segments: bool = True
) -> tuple[str, ...]:
    """Return the names of the facets people can be told apart by, those of the catalogue first."""
    found = [*catalogue.FIELDS, *_attributes(session), *_answers(session, library), *_tags(session)]
    found += [f"segments {family}" for family in (_families(session) if with_segments else ())]
    return tuple(dict.fromkeys(found))[:MOST_FACETS]


def titled(
    session: Session, library: Library | None = None, *, with_segments: bool = True
) -> tuple[tuple[str, str, str], ...]:
    """Return every facet with its titles: name, ru, en. Nothing of the people is read for it."""
    names = all_facets(session, library, with_segments=with_segments)
    return tuple((name, *_titles(name, library)) for name in names)


def like(fields: Sequence[tuple[str, str, str]], typed: str) -> list[tuple[str, str, str]]:
    """Return the fields in whose titles or names every typed word begins a word, its ending aside.

    >>> fields = [("age", "возраст", "the age"), ("spent", "сумма покупок", "the sum of purchases")]
    >>> [name for name, *_ in like(fields, "Возраста")], [name for name, *_ in like(fields, "покупки")]
    (['age'], ['spent'])
    """
    stems = [word[: max(len(word) - 2, 3)] for word in fold(typed).split()[:8]]
    found = []
    for field in fields:
        said = re.split(r"[\W_]+", fold(" ".join((*field, ALSO.get(field[0], "")))))
        if stems and all(any(word.startswith(stem) for word in said) for stem in stems):
            found.append(field)
    return found


def _titles(name: str, library: Library | None) -> tuple[str, str]:
    kind, _, rest = name.partition(" ")
    if kind in ("tags", "segments"):
        ru, en = {"tags": ("метки", "tags"), "segments": ("сегменты", "segments")}[kind]
        words = family_titles(rest) if kind == "segments" else (rest, rest)
        return (f"{ru} «{words[0]}»", f"{en} “{words[1]}”") if rest else (ru, en)
    if kind == "quiz":
        quiz, _, question = rest.partition(".")
        field: AnyField = RowField("answers", (quiz, question))
        if library is not None:
            field = getattr(spoken(IsKnown(field, True), library), "field", field)
    else:
        if name in TITLES:
            return TITLES[name]
        field = catalogue.FIELDS.get(name) or RowField("attributes", (name.removeprefix("attr.").strip('"'),))
    return field.title("ru"), field.title("en")


def _attributes(session: Session) -> Iterator[str]:
    for key in sorted(catalogue.known(session).attributes):
        if key.casefold() not in _PERSONAL | BOOKKEEPING and key.casefold() not in catalogue.FIELDS:
            yield RowField("attributes", (key,)).text()


def _answers(session: Session, library: Library | None) -> Iterator[str]:
    """Yield the questions somebody answered, without those whose answers everybody writes his own way."""
    asked = session.execute(
        select(_ANSWERS.c.quiz, _ANSWERS.c.question).distinct().order_by(_ANSWERS.c.quiz, _ANSWERS.c.question)
    ).all()
    for quiz, question in asked:
        loaded = library.quizzes.get(quiz) if library is not None else None
        known = loaded.quiz.by_id.get(question) if loaded is not None else None
        if known is None or known.kind not in _WRITTEN:
            yield f"quiz {quiz}.{question}"


def _tags(session: Session) -> Iterator[str]:
    words = session.scalars(select(_TAGS.c.tag).distinct().limit(2000)).all()
    families = {word.partition(":")[0] if ":" in word else "" for word in words}
    yield from (f"tags {family}".strip() for family in sorted(families))


def _families(session: Session) -> list[str]:
    query = select(Segment.family).where(Segment.enabled.is_(True)).group_by(Segment.family)
    return list(session.scalars(query.order_by(Segment.family)))
