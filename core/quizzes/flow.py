"""The engine, pure: from a quiz and answers to the path, the next question, points, tags and result.

Runs and `quiz replay` share it; nothing here knows a database or Telegram.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.quizzes.conditions import Known
from core.quizzes.order import ordered
from core.quizzes.questions import Added, Choice, Day, Number, Optioned, Scored, Statement, Written, YesNo
from core.quizzes.values import folded, is_given, is_refused, is_refused_before, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.quizzes.definition import Quiz, Result
    from core.quizzes.questions import AnyQuestion, Marked


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through a quiz: what was asked and answered, what comes next, what it amounts to.

    `answers` holds only those of the path: an answer hidden by a changed branch is not in it. `order` are
    all questions of this run, `unasked` those refused in an earlier one, `scores` the points of every named
    scale, `right` the questions answered rightly out of the `asked` ones that have right answers.
    """

    path: tuple[AnyQuestion, ...]
    next: AnyQuestion | None
    answers: Mapping[str, Any]
    score: int = 0
    tags: frozenset[str] = field(default_factory=frozenset)
    scores: Mapping[str, int] = field(default_factory=dict)
    right: int = 0
    asked: int = 0
    language: str = ""
    order: tuple[AnyQuestion, ...] = field(default=(), repr=False)
    unasked: frozenset[str] = frozenset()

    @property
    def known(self) -> Known:
        """What conditions may be asked about at this place."""
        return self._known(self.answers)

    @property
    def sure(self) -> Known:
        """The same where what may still come counts as undecided."""
        return self._known(self.answers, () if self.next is None else self._pending())

    def guess(self, answers: Mapping[str, Any], pending: set[str]) -> Known:
        """What would be known with other answers, some questions being undecided."""
        return self._known(answers, pending)

    def _pending(self) -> set[str]:
        return {question.id for question in self.order} - set(self.answers)

    def _known(self, answers: Mapping[str, Any], pending: Any = ()) -> Known:
        return Known(
            answers,
            self.score,
            self.tags,
            pending,
            scores=self.scores,
            right=self.right,
            language=self.language,
        )


class _Tally:
    """Points and labels gathered on the way."""

    def __init__(self, quiz: Quiz, language: str) -> None:
        self.answers: dict[str, Any] = {}
        self.score, self.right, self.asked = 0, 0, 0
        self.scores = dict.fromkeys(quiz.scales, 0)
        self.tags: set[str] = set()
        self.language = language

    def known(self) -> Known:
        return Known(
            self.answers, self.score, self.tags, scores=self.scores, right=self.right, language=self.language
        )

    def take(self, question: AnyQuestion, value: Any) -> None:
        """Add what an answer brings: first what any answer to this question does, then the chosen options."""
        self.answers[question.id] = value
        if question.has_right:
            self.asked += 1
            self.right += is_right(question, value)
        for mark in marks(question, value):
            self.score = mark.set_score if mark.set_score is not None else self.score + mark.score
            self.tags.update(mark.tags)
            for name, points in mark.scores.items():
                self.scores[name] += points
        if isinstance(question, Scored) and is_given(value):
            self.score += int(value) if question.scored else 0
            if question.scores_as is not None:
                self.scores[question.scores_as] += int(value)


def walk(
    quiz: Quiz, answers: Mapping[str, Any], *, seed: int = 0, is_cut: bool = False, language: str = ""
) -> Walk:
    """Go through the quiz as far as the answers lead; a question's `when` sees only what stands before it.

    `seed` decides the order of a run (0 is the file's); `is_cut` ends it where the time was up.
    """
    order = ordered(quiz, seed)
    path: list[AnyQuestion] = []
    tally, coming = _Tally(quiz, language or quiz.languages[0]), None
    for question in order:
        if question.when is not None and not question.when.holds(tally.known()):
            continue
        if question.id not in answers:
            coming = None if is_cut else question
            break
        path.append(question)
        tally.take(question, answers[question.id])
        if question.finish_when is not None and question.finish_when.holds(tally.known()):
            break
    return Walk(
        tuple(path),
        coming,
        tally.answers,
        tally.score,
        frozenset(tally.tags),
        tally.scores,
        tally.right,
        tally.asked,
        tally.language,
        order,
        frozenset(one.id for one in quiz.refusable if is_refused_before(answers.get(one.id))),
    )


def marks(question: AnyQuestion, value: Any) -> tuple[Added, ...]:
    """Return what an answer adds; nothing for a question skipped, refused or answered too late."""
    return (question, *chosen(question, value)) if is_given(value) else ()


def chosen(question: AnyQuestion, value: Any) -> tuple[Marked, ...]:
    """Return the options or the side that were chosen, in the order of the file."""
    if isinstance(question, YesNo) and is_given(value):
        return (question.yes if value else question.no,)
    if isinstance(question, Optioned):
        ids = listed(value)
        return tuple(option for option in question.options if option.id in ids)
    return ()


def is_right(question: AnyQuestion, value: Any) -> bool:
    """Say whether an answer is right: one of the right ones, or with several choices exactly all of them."""
    if not is_given(value):
        return False
    if isinstance(question, Number):
        return value in question.right
    if isinstance(question, Written | Day):
        return folded(value) in question.right
    taken = chosen(question, value)
    if isinstance(question, Choice | YesNo):
        return any(mark.right for mark in taken)
    if isinstance(question, Optioned):
        right = [option for option in question.options if option.right]
        return list(taken) == right and len(listed(value)) == len(right)
    return False


def result(quiz: Quiz, done: Walk) -> Result | None:
    """Return the first result whose condition holds; None while a question is open."""
    if done.next is not None:
        return None
    known = done.known
    return next(found for found in quiz.results if found.when is None or found.when.holds(known))


def length(quiz: Quiz, done: Walk) -> int:
    """Return how many questions this walk is expected to have: the «4» of «2 of 4».

    Questions whose condition is not decided yet count; the answers to the open question are tried one
    by one, so that branches which exclude each other are not added up. The number may only shrink later.
    """
    behind = sum(counts(done, question) for question in done.path)
    if done.next is None:
        return behind
    rest = done.order[done.order.index(done.next) + 1 :]
    if not quiz.branches:
        return behind + sum(counts(done, question) for question in (done.next, *rest))
    pending = {question.id for question in rest}
    tries = [{**done.answers, done.next.id: value} for value in _outcomes(done.next)]
    known = [done.guess(answers, pending) for answers in tries]
    if not known:
        known = [done.guess(done.answers, pending | {done.next.id})]
    may = tuple(question for question in rest if counts(done, question))
    return behind + counts(done, done.next) + max(_possible(may, one) for one in known)


def counts(done: Walk, question: AnyQuestion) -> bool:
    """Say whether a question is counted in a run: a statement is not, nor one refused before."""
    return not isinstance(question, Statement) and question.id not in done.unasked


def _outcomes(question: AnyQuestion) -> list[Any]:
    if isinstance(question, Choice):
        return [option.id for option in question.options] + ([{"other": ""}] if question.other else [])
    return [True, False] if isinstance(question, YesNo) else []


def _possible(rest: tuple[AnyQuestion, ...], known: Known) -> int:
    return sum(question.when is None or question.when.holds(known) is not False for question in rest)


def hidden(done: Walk, answers: Mapping[str, Any]) -> tuple[AnyQuestion, ...]:
    """Return questions whose answers a changed branch has hidden, and which are therefore dropped.

    Answers that stand behind the open question are not: the walk may still come to them, and then the
    person need not give them twice. A refusal is for ever and stays, too.
    """
    end = done.order.index(done.next) if done.next is not None else len(done.order)
    return tuple(
        question
        for question in done.order[:end]
        if question.id in answers and question.id not in done.answers and not is_refused(answers[question.id])
    )
