"""What nobody can ever see: questions and results no walk leads to, found by trying every kind of answer.

Walks that do not differ in what later conditions ask (answers, points, tags) are one walk here, so twenty
scored questions are a few hundred walks and not a billion. Where even these are too many nothing is claimed.
"""

from __future__ import annotations

from itertools import combinations, pairwise
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NamedTuple

from core.quizzes.conditions import AnswerIs, HasTag, Known, ScoreIs, leaves
from core.quizzes.flow import marks
from core.quizzes.problems import Fault
from core.quizzes.questions import Choice, Contact, Number, Several, Written, YesNo
from core.quizzes.values import SHARED, folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.quizzes.conditions import AnyCondition
    from core.quizzes.definition import Quiz
    from core.quizzes.questions import AnyQuestion

WALKS_LIMIT = 4000
OPTIONS_LIMIT = 12


class _State(NamedTuple):
    """A walk as later conditions see it."""

    answers: frozenset[tuple[str, Any]]
    score: int
    tags: frozenset[str]

    def known(self) -> Known:
        return Known({name: _open(value) for name, value in self.answers}, self.score, self.tags)


class Way(NamedTuple):
    """A way people can go: from a question to the next one (or "" for the results), after these answers."""

    source: str
    target: str
    answers: tuple[str, ...]


def ways(quiz: Quiz) -> list[Way]:
    """Return every way from a question to the next; of too many walks, the ways by order alone."""
    found: dict[tuple[str, str], set[str]] = {}
    lasts: dict[_State, set[tuple[str, str]]] = {_State(frozenset(), 0, frozenset()): set()}
    for place, question in enumerate(quiz.questions):
        later = _Needs(quiz, place + 1)
        answers = _outcomes(question, quiz) if later.about(question) else _outcomes(question, quiz, some=True)
        if answers is None or len(lasts) > WALKS_LIMIT:
            return _by_order(quiz)
        after: dict[_State, set[tuple[str, str]]] = {}
        for state, came in lasts.items():
            if question.when is not None and not question.when.holds(state.known()):
                after.setdefault(later.rest(state), set()).update(came)
                continue
            for last, value in came:
                found.setdefault((last, question.id), set()).add(value)
            for value in answers:
                to = later.rest(_after(state, question, value))
                after.setdefault(to, set()).add((question.id, _told(value)))
        lasts = after
    for came in lasts.values():
        for last, value in came:
            found.setdefault((last, ""), set()).add(value)
    return [Way(source, target, tuple(sorted(values))) for (source, target), values in found.items()]


def _told(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple) else "" if value is None else folded(value)


def _by_order(quiz: Quiz) -> list[Way]:
    """Return a way from each question to all up to the next one that everybody is asked."""
    found = []
    for place, question in enumerate(quiz.questions):
        for after in quiz.questions[place + 1 :]:
            found.append(Way(question.id, after.id, ()))
            if after.when is None:
                break
        else:
            found.append(Way(question.id, "", ()))
    return found


def unreached(quiz: Quiz) -> Iterator[Fault]:
    """Yield the questions and results that no answers lead to."""
    if not _is_plain(quiz):
        return
    states = {_State(frozenset(), 0, frozenset())}
    for place, question in enumerate(quiz.questions):
        asked = {one for one in states if question.when is None or question.when.holds(one.known())}
        if not asked:
            what = f"nobody can reach the question `{question.id}`"
            yield Fault(("questions", place, "when"), what, "its condition never holds; change it")
        later = _Needs(quiz, place + 1)
        answers = _outcomes(question, quiz) if later.about(question) else _outcomes(question, quiz, some=True)
        if answers is None or len(answers) * len(asked) > 20 * WALKS_LIMIT:
            return
        states = {later.rest(one) for one in states - asked}
        states |= {later.rest(_after(one, question, value)) for one in asked for value in answers}
        if len(states) > WALKS_LIMIT:
            return
    yield from _unreached_results(quiz, states)


def _is_plain(quiz: Quiz) -> bool:
    """Whether a quiz has only what is tried here: nothing is claimed of the others."""
    kinds = Choice | Several | YesNo | Number | Written | Contact
    rules = [*(one.when for one in quiz.questions), *(one.when for one in quiz.results)]
    asked = [leaf for rule in rules for _, leaf in leaves(rule)]
    return all(
        isinstance(one, kinds)
        and not (one.refusable or one.finish_when or one.group or one.time_limit_seconds)
        and not (isinstance(one, Choice | Several) and one.other is not None)
        for one in quiz.questions
    ) and all(isinstance(leaf, AnswerIs | ScoreIs | HasTag) for leaf in asked)


def _unreached_results(quiz: Quiz, states: set[_State]) -> Iterator[Fault]:
    for place, result in enumerate(quiz.results):
        taken = {one for one in states if result.when is None or result.when.holds(one.known())}
        if not taken and result.when is not None:
            what = f"nobody can reach the result `{result.id}`"
            remedy = "change its condition, or move it above the one that takes all its people"
            yield Fault(("results", place, "when"), what, remedy)
        states = states - taken


class _Needs:
    """What the conditions from a place on ask about."""

    def __init__(self, quiz: Quiz, place: int) -> None:
        conditions: list[AnyCondition | None] = [question.when for question in quiz.questions[place:]]
        conditions += [result.when for result in quiz.results]
        asked = [leaf for condition in conditions for _, leaf in leaves(condition)]
        self.questions = {leaf.question for leaf in asked if isinstance(leaf, AnswerIs)}
        self.tags = {leaf.tag for leaf in asked if isinstance(leaf, HasTag)}
        self.score = any(isinstance(leaf, ScoreIs) for leaf in asked)

    def about(self, question: AnyQuestion) -> bool:
        """Say whether the answer to a question can matter."""
        return question.id in self.questions or self.score or bool(self.tags)

    def rest(self, state: _State) -> _State:
        """Return what of a state still matters."""
        answers = frozenset(pair for pair in state.answers if pair[0] in self.questions)
        return _State(answers, state.score if self.score else 0, state.tags & self.tags)


def _after(state: _State, question: AnyQuestion, value: Any) -> _State:
    added = marks(question, _open(value))
    return _State(
        state.answers | {(question.id, value)},
        state.score + sum(mark.score for mark in added),
        state.tags | {tag for mark in added for tag in mark.tags},
    )


def _open(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _outcomes(question: AnyQuestion, quiz: Quiz, *, some: bool = False) -> list[Any] | None:
    """Return answers of every kind that conditions can tell apart (or just some one); None: too many.

    Several choices stand in tuples.
    """
    skipped = [None] if question.optional else []
    if isinstance(question, YesNo):
        return [True, False, *skipped]
    if isinstance(question, Choice):
        return [option.id for option in question.options] + skipped
    if isinstance(question, Several):
        ids = [option.id for option in question.options]
        if some or len(ids) > OPTIONS_LIMIT:
            return [tuple(ids[: question.min])] if some else None
        sizes = range(question.min, question.most + 1)
        return [subset for size in sizes for subset in combinations(ids, size)] + skipped
    if isinstance(question, Contact) or (isinstance(question, Written) and question.is_personal):
        return [SHARED, *skipped]
    if not isinstance(question, Number | Written):
        return None
    return [*_typed(question, quiz), *skipped]


def _typed(question: Number | Written, quiz: Quiz) -> list[Any]:
    rules = [*(one.when for one in quiz.questions), *(one.when for one in quiz.results)]
    asked = [leaf for rule in rules for _, leaf in leaves(rule) if isinstance(leaf, AnswerIs)]
    about = [leaf for leaf in asked if leaf.question == question.id]
    if isinstance(question, Written):
        return ["\0", *sorted({word for leaf in about for word in leaf.wanted})]
    bounds = {
        bound for leaf in about for bound in (leaf.at_least, leaf.at_most) if isinstance(bound, int | float)
    }
    bounds |= {float(word) for leaf in about for word in leaf.wanted if _is_number(word)}
    bounds |= {bound for bound in (question.min, question.max) if bound is not None} or {0.0}
    return [one for one in _between(sorted(bounds), question.integer) if _fits(question, one)]


def _between(bounds: list[float], integer: bool) -> list[float]:
    """Return the bounds, a number between each two of them, and one on either side."""
    if integer:
        whole = {around(bound) + step for bound in bounds for around in (floor, ceil) for step in (-1, 0, 1)}
        return [float(one) for one in sorted(whole)]
    middles = [(low + high) / 2 for low, high in pairwise(bounds)]
    return sorted([bounds[0] - 1, *bounds, *middles, bounds[-1] + 1])


def _fits(question: Number, value: float) -> bool:
    low, high = question.min, question.max
    return (low is None or value >= low) and (high is None or value <= high)


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).removeprefix("-").isdigit()
