"""A quiz as a graph: cards for questions and results, edges for the ways from one to the next."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.quizzes.conditions import AnswerIs, leaves
from core.quizzes.questions import Number, Scale, Scored
from core.quizzes.reach import Way, ways
from core.quizzes.told import added, answer_words, bounds, kind_words, number_words, told, words_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.quizzes.conditions import AnyCondition
    from core.quizzes.counts import Counts
    from core.quizzes.definition import Quiz, Result
    from core.quizzes.questions import AnyQuestion

END = ""  # the target of a way that leads to the results
MOST_ROWS = 12
DEEPEST = 9
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_PIPE = re.compile(r"\{\{\s*([a-z][a-z0-9_.]*)[^{}]*\}\}")


@dataclass(frozen=True, slots=True)
class Row:
    """An answer on a card: its words, what it adds, how many gave it (None where nobody was counted)."""

    label: str
    extra: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A question, the place where results are judged, or a result."""

    kind: Literal["question", "end", "result"]
    key: str
    head: str
    text: str
    condition: str = ""
    rows: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    depth: int = 0
    asked: int | None = None
    dropped: int = 0
    next: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one card to another by their places; `rows`: the answers it leaves from, if these decide."""

    source: int
    target: int
    rows: tuple[int, ...] = ()
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """All cards from top to bottom with the edges between them."""

    title: str
    about: tuple[str, ...]
    cards: tuple[Card, ...]
    edges: tuple[Edge, ...]
    language: str
    words: dict[str, str]


def graph(quiz: Quiz, counts: Counts | None = None, language: str | None = None) -> Graph:
    """Return the graph of a quiz, its texts in one of the quiz's languages; with counts if there are any."""
    language = language or quiz.languages[0]
    words = words_in(language)
    questions = [_question(quiz, question, counts, language) for question in quiz.questions]
    end = Card("end", END, "", words["end_checked" if quiz.confirm else "end"])
    results = [_result(quiz, result, counts, language) for result in quiz.results]
    return Graph(
        title=spoken(quiz.title.of(language)),
        about=tuple(_about(quiz, counts, words)),
        cards=(*questions, end, *results),
        edges=tuple(_edges(quiz, counts)),
        language=language if language in ("ru", "en") else "en",
        words=words,
    )


def _about(quiz: Quiz, counts: Counts | None, words: dict[str, str]) -> Iterator[str]:
    size = {"questions": len(quiz.questions), "results": len(quiz.results)}
    first = words["about"].format(languages=", ".join(quiz.languages), **size)
    alerts = " · " + words["alerts"].format(count=len(quiz.alerts)) if quiz.alerts else ""
    yield f"{quiz.id} · {first}{alerts}"
    if counts is not None:
        yield words["people"].format(started=counts.started, finished=counts.finished)


def spoken(text: str) -> str:
    """Return a text without markup, in one line; pipes become their names.

    >>> spoken("<b>Hi</b>, {{ first_name | default: 'you' }} &amp; all")
    'Hi, ‹first_name› & all'
    """
    return " ".join(html.unescape(_TAG.sub("", _PIPE.sub(r"‹\1›", text))).split())


def _question(quiz: Quiz, question: AnyQuestion, counts: Counts | None, language: str) -> Card:
    labels = answer_words(question, language)
    chosen = counts.chosen.get(question.id, {}) if counts is not None else {}
    if counts is not None:
        labels = labels or number_words(question)
    shown = labels if len(labels) <= MOST_ROWS else labels[: MOST_ROWS - 1]
    rows = (
        Row(spoken(label), extra, None if counts is None else chosen.get(key, 0))
        for key, label, extra in shown
    )
    return Card(
        kind="question",
        key=question.id,
        head=f"{quiz.index[question.id] + 1} · {question.id} · {kind_words(question, language)}",
        text=spoken(question.text.of(language)),
        condition=_condition(quiz, question.when, language),
        rows=tuple(rows),
        notes=tuple(_notes(quiz, question, len(labels) - len(shown), language)),
        depth=_depth(quiz, question),
        asked=counts.asked.get(question.id, 0) if counts is not None else None,
        dropped=counts.dropped.get(question.id, 0) if counts is not None else 0,
    )


def _notes(quiz: Quiz, question: AnyQuestion, hidden: int, language: str) -> Iterator[str]:
    words = words_in(language)
    if hidden:
        yield words["more"].format(count=hidden)
    extra = []
    if isinstance(question, Scale | Number) and (question.min, question.max) != (None, None):
        extra.append(bounds(question.min, question.max, language))
    if isinstance(question, Scored) and (question.scored or question.scores_as):
        extra.append(words["scored"] + (f" «{question.scores_as}»" if question.scores_as else ""))
    if question.attribute:
        extra.append(f"{words['saves']} {question.attribute}")
    if question.time_limit_seconds is not None:
        extra.append(words["seconds"].format(count=question.time_limit_seconds))
    extra += [added(question)] if added(question) else []
    if extra:
        yield " · ".join(extra)
    if question.group is not None:
        yield _group(quiz, question.group, words)
    if question.finish_when is not None:
        yield f"{words['finish']} {told(question.finish_when, quiz, language)}"


def _group(quiz: Quiz, name: str, words: dict[str, str]) -> str:
    group, parts = quiz.groups.get(name), [words["group"].format(name=name)]
    if group is not None and group.shuffle:
        parts.append(words["shuffle"])
    if group is not None and group.pick is not None:
        parts.append(words["pick"].format(count=group.pick))
    return ", ".join(parts)


def _condition(quiz: Quiz, condition: AnyCondition | None, language: str) -> str:
    return f"{words_in(language)['if']} {told(condition, quiz, language)}" if condition is not None else ""


def _result(quiz: Quiz, result: Result, counts: Counts | None, language: str) -> Card:
    words = words_in(language)
    chosen = counts.chosen.get("result", {}) if counts is not None else {}
    parts = [f"{words['segment']} {result.segment}"] if result.segment else []
    parts += [f"{words['file']} {result.file.of(language)}"] if result.file is not None else []
    parts += [words["lessons"].format(count=len(result.lessons))] if result.lessons else []
    parts += [f"#{tag}" for tag in result.tags]
    notes = [" · ".join(parts)] if parts else []
    return Card(
        kind="result",
        key=result.id,
        head=result.id,
        text=spoken(result.text.of(language)),
        condition=_condition(quiz, result.when, language) or words["otherwise"],
        notes=tuple(notes),
        depth=1,
        asked=chosen.get(result.id, 0) if counts is not None else None,
        next=f"{words['next']} {result.next}" if result.next else "",
    )


def _depth(quiz: Quiz, question: AnyQuestion, left: int = DEEPEST) -> int:
    """Return how deep a question is nested: one deeper than the deepest it asks about."""
    if question.when is None or not left:
        return 0
    about = [leaf.question for _, leaf in leaves(question.when) if isinstance(leaf, AnswerIs)]
    return 1 + max(
        (_depth(quiz, quiz.by_id[name], left - 1) for name in about if name in quiz.by_id), default=0
    )


def _edges(quiz: Quiz, counts: Counts | None) -> list[Edge]:
    """Return the possible ways as edges; where answers alone decide, they leave from these answers."""
    places = {question.id: place for place, question in enumerate(quiz.questions)} | {
        END: len(quiz.questions)
    }
    by_source: dict[str, list[Way]] = {}
    for way in ways(quiz):
        by_source.setdefault(way.source, []).append(way)
    edges = []
    for source, found in by_source.items():
        rows = _rows(quiz.by_id[source], found)
        for way in found:
            gone = counts.gone.get((way.source, way.target), 0) if counts is not None else None
            edges.append(Edge(places[way.source], places[way.target], rows.get(way.target, ()), gone))
    return edges


def _rows(question: AnyQuestion, found: list[Way]) -> dict[str, tuple[int, ...]]:
    """Return the answers of each target where every answer leads to one target only."""
    keys = [key for key, *_ in answer_words(question, "en")]
    values = [value for way in found for value in way.answers]
    if len(found) < 2 or len(values) != len(set(values)) or len(keys) > MOST_ROWS:
        return {}
    placed = {way.target: tuple(keys.index(one) for one in way.answers if one in keys) for way in found}
    return placed if all(placed[way.target] or not way.answers for way in found) else {}
