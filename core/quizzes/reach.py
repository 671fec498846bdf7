"""Where answers can lead: every way from question to question, and what nobody can ever see.

Every kind of answer is tried. Walks that do not differ in what later conditions ask (answers, points, tags)
are one walk here, so twenty scored questions are a few hundred walks and not a billion. Where even these are
too many the search stops after a fixed number of steps, and nothing is claimed of what was not seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from core.quizzes.conditions import (
    AnswerIs,
    HasTag,
    Known,
    LanguageIs,
    RightIs,
    ScoreIs,
    TopScoreIs,
    leaves,
)
from core.quizzes.flow import is_right, marks
from core.quizzes.outcomes import NO, OWN, TOO_LATE, conditions, opened, outcomes
from core.quizzes.questions import Scored
from core.quizzes.values import OTHER, RATHER_NOT_SAY, folded, is_given

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.quizzes.conditions import AnyCondition
    from core.quizzes.definition import Quiz
    from core.quizzes.questions import AnyQuestion

WALKS_LIMIT = 4000  # different walks at one place
_KEPT = "explored"  # beside what a quiz computes once by itself
STEPS_LIMIT = 15_000  # answers tried in all: about a quarter of a second


class Way(NamedTuple):
    """A way people can go: from a question to the next one (or "" for the results), after these answers."""

    source: str
    target: str
    answers: tuple[str, ...]


@dataclass(slots=True)
class Explored:
    """What a search has seen; of an incomplete one only what stands before `place` is known."""

    ways: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    questions: set[str] = field(default_factory=set)
    results: set[str] = field(default_factory=set)
    alerts: set[int] = field(default_factory=set)
    place: int = 0
    is_complete: bool = False


class _State(NamedTuple):
    """A walk as later conditions see it."""

    answers: frozenset[tuple[str, Any]]
    score: int
    scores: tuple[int, ...]
    right: int
    tags: frozenset[str]
    language: str

    def known(self, quiz: Quiz) -> Known:
        return Known(
            {name: opened(value) for name, value in self.answers},
            self.score,
            self.tags,
            scores=dict(zip(quiz.scales, self.scores, strict=True)),
            right=self.right,
            language=self.language,
        )


_Last = tuple[str, str]  # the question answered last, and its answer
_Walks = dict[_State, set[_Last]]


def ways(quiz: Quiz) -> list[Way]:
    """Return every way from a question to the next; of too many walks, the ways by order alone."""
    found = explore(quiz)
    if not found.is_complete:
        return _by_order(quiz)
    return [Way(source, target, tuple(sorted(said))) for (source, target), said in found.ways.items()]


def explore(quiz: Quiz) -> Explored:
    """Try every kind of answer to every question; a quiz is searched once."""
    found: Explored | None = quiz.__dict__.get(_KEPT)
    if found is None:
        found = quiz.__dict__[_KEPT] = _Search(quiz).run()
    return found


class _Search:
    """One search, question by question in the order of the file."""

    def __init__(self, quiz: Quiz) -> None:
        self.quiz = quiz
        self.found = Explored()
        self.steps, self.weight = 0, 1 + len(quiz.scales) // 10
        self.ended: _Walks = {}

    def run(self) -> Explored:
        """Go through the quiz, or as far as the steps last."""
        walks = {state: set[_Last]() for state in self._beginnings()}
        needs = _needs(self.quiz)
        for place, question in enumerate(self.quiz.questions):
            self.found.place = place
            later = needs[place]
            tried = outcomes(self.quiz, question, some=not later.about(question))
            if tried is None or len(walks) > WALKS_LIMIT or self.steps > STEPS_LIMIT:
                return self.found
            walks = self._after(question, walks, tried, later)
        self._end(walks)
        self.found.is_complete = True
        return self.found

    def _beginnings(self) -> Iterator[_State]:
        asked = any(
            isinstance(leaf, LanguageIs) for rule in conditions(self.quiz) for _, leaf in leaves(rule)
        )
        for language in self.quiz.languages if asked else self.quiz.languages[:1]:
            yield _State(frozenset(), 0, (0,) * len(self.quiz.scales), 0, frozenset(), language)

    def _after(self, question: AnyQuestion, walks: _Walks, tried: list[Any], later: _Needs) -> _Walks:
        """Return the walks after a question; those that skip it go on as they are."""
        after: _Walks = {}
        group = self.quiz.groups.get(question.group or "")
        for state, came in walks.items():
            if question.when is not None and not question.when.holds(state.known(self.quiz)):
                after.setdefault(later.rest(state), set()).update(came)
                continue
            self.found.questions.add(question.id)
            if group is not None and group.pick is not None:
                after.setdefault(later.rest(state), set())
            self._note(came, question.id)
            for value in tried:
                self._answer(state, question, value, after, later)
            self.steps += len(tried) * self.weight
            if self.steps > STEPS_LIMIT:
                break
        return after

    def _answer(self, state: _State, question: AnyQuestion, value: Any, after: _Walks, later: _Needs) -> None:
        to, last = _answered(self.quiz, state, question, value), (question.id, _told(value))
        ends = question.finish_when is not None and question.finish_when.holds(to.known(self.quiz))
        (self.ended if ends else after).setdefault(later.rest(to), set()).add(last)

    def _note(self, came: set[_Last], target: str) -> None:
        for source, said in came:
            self.found.ways.setdefault((source, target), set()).add(said)

    def _end(self, walks: _Walks) -> None:
        for state, came in [*walks.items(), *self.ended.items()]:
            self._note(came, "")
            known = state.known(self.quiz)
            fits = (one.id for one in self.quiz.results if one.when is None or one.when.holds(known))
            self.found.results.add(next(fits, ""))
            for place, alert in enumerate(self.quiz.alerts):
                if place not in self.found.alerts and alert.when.holds(known):
                    self.found.alerts.add(place)


def _needs(quiz: Quiz) -> list[_Needs]:
    """Return for every question what is asked after its answer, its own early end included."""
    after = _Needs(quiz, [*(one.when for one in quiz.results), *(one.when for one in quiz.alerts)])
    found: list[_Needs] = []
    for question in reversed(quiz.questions):
        after = _Needs(quiz, [question.finish_when], after)
        found.append(after)
        after = _Needs(quiz, [question.when], after)
    return found[::-1]


class _Needs:
    """What the conditions from a place on ask about."""

    def __init__(self, quiz: Quiz, rules: Iterable[AnyCondition | None], after: _Needs | None = None) -> None:
        asked = [leaf for rule in rules for _, leaf in leaves(rule)]
        self.questions = {leaf.question for leaf in asked if isinstance(leaf, AnswerIs)}
        self.tags = {leaf.tag for leaf in asked if isinstance(leaf, HasTag)}
        self.score = any(isinstance(leaf, ScoreIs) and leaf.score.of is None for leaf in asked)
        scales = {leaf.score.of for leaf in asked if isinstance(leaf, ScoreIs)}
        if any(isinstance(leaf, TopScoreIs) for leaf in asked):
            scales = set(quiz.scales)
        self.scales = tuple(name in scales for name in quiz.scales)
        self.right = any(isinstance(leaf, RightIs) for leaf in asked)
        if after is not None:
            self._and(after)

    def _and(self, other: _Needs) -> None:
        self.questions |= other.questions
        self.tags |= other.tags
        self.score |= other.score
        self.scales = tuple(one or two for one, two in zip(self.scales, other.scales, strict=True))
        self.right |= other.right

    def about(self, question: AnyQuestion) -> bool:
        """Say whether the answer to a question can matter."""
        counts = self.score or self.right or any(self.scales)
        return question.id in self.questions or counts or bool(self.tags)

    def rest(self, state: _State) -> _State:
        """Return what of a state still matters."""
        return _State(
            frozenset(pair for pair in state.answers if pair[0] in self.questions),
            state.score if self.score else 0,
            tuple(points if kept else 0 for points, kept in zip(state.scores, self.scales, strict=True)),
            state.right if self.right else 0,
            state.tags & self.tags,
            state.language,
        )


def _answered(quiz: Quiz, state: _State, question: AnyQuestion, value: Any) -> _State:
    given = opened(value)
    score, scores, tags = state.score, dict(zip(quiz.scales, state.scores, strict=True)), set(state.tags)
    for mark in marks(question, given):
        score = mark.set_score if mark.set_score is not None else score + mark.score
        for name, points in mark.scores.items():
            scores[name] += points
        tags.update(mark.tags)
    if isinstance(question, Scored) and is_given(given):
        score += int(given) if question.scored else 0
        if question.scores_as is not None:
            scores[question.scores_as] += int(given)
    right = state.right + (question.has_right and is_right(question, given))
    pair = (question.id, value)
    return _State(
        state.answers | {pair}, score, tuple(scores.values()), right, frozenset(tags), state.language
    )


def _told(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    signs = {OWN: OTHER, NO: RATHER_NOT_SAY, TOO_LATE: "", None: ""}
    return signs[value] if value is None or value in (OWN, NO, TOO_LATE) else folded(value)


def _by_order(quiz: Quiz) -> list[Way]:
    """Return a way from each question to all up to the next one that everybody is asked."""
    found = []
    for place, question in enumerate(quiz.questions):
        if question.finish_when is not None:
            found.append(Way(question.id, "", ()))
        for after in quiz.questions[place + 1 :]:
            found.append(Way(question.id, after.id, ()))
            if after.when is None:
                break
        else:
            if question.finish_when is None:
                found.append(Way(question.id, "", ()))
    return found
