"""Conditions of a quiz: every question, answer, scale, tag and language they name has to exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.quizzes.conditions import AnswerIs, HasTag, LanguageIs, RightIs, ScoreIs, TopScoreIs, leaves
from core.quizzes.problems import Fault, Path, nearest
from core.quizzes.questions import (
    Agreement,
    Day,
    Join,
    Optioned,
    Scale,
    Scored,
    Several,
    Stars,
    Statement,
    YesNo,
)
from core.quizzes.values import OTHER, RATHER_NOT_SAY, folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.quizzes.conditions import AnyCondition, Leaf
    from core.quizzes.definition import Quiz
    from core.quizzes.questions import AnyQuestion


def rule_faults(quiz: Quiz) -> Iterator[Fault]:
    """Yield what is wrong with the conditions."""
    everything = len(quiz.questions)
    for path, rule, before in placed(quiz):
        for below, leaf in leaves(rule, path):
            yield from _leaf(quiz, below, leaf, before)
            if before < everything or path[-1] == "finish_when":
                yield from _in_group(quiz, below, leaf, path)


def placed(quiz: Quiz) -> Iterator[tuple[Path, AnyCondition, int]]:
    """Yield every condition with its place in the file and the number of questions answered before it."""
    for place, question in enumerate(quiz.questions):
        if question.when is not None:
            yield ("questions", place, "when"), question.when, place
        if question.finish_when is not None:
            yield ("questions", place, "finish_when"), question.finish_when, place + 1
    for place, result in enumerate(quiz.results):
        if result.when is not None:
            yield ("results", place, "when"), result.when, len(quiz.questions)
    for place, alert in enumerate(quiz.alerts):
        yield ("alerts", place, "when"), alert.when, len(quiz.questions)


def given_tags(quiz: Quiz, before: int | None = None) -> dict[str, Path]:
    """Return the tags that questions give, each with the place of its first mention."""
    found: dict[str, Path] = {}
    for place, question in enumerate(quiz.questions[:before]):
        path: Path = ("questions", place)
        marked = [((*path, "tags"), question.tags)]
        if isinstance(question, Optioned):
            marked += [
                ((*path, "options", number, "tags"), one.tags) for number, one in enumerate(question.options)
            ]
        elif isinstance(question, YesNo):
            marked += [((*path, "yes", "tags"), question.yes.tags), ((*path, "no", "tags"), question.no.tags)]
        for where, tags in marked:
            for number, tag in enumerate(tags):
                found.setdefault(tag, (*where, number))
    return found


def _leaf(quiz: Quiz, path: Path, leaf: Leaf, before: int) -> Iterator[Fault]:
    match leaf:
        case AnswerIs():
            yield from _answer(quiz, path, leaf, before)
        case HasTag():
            given = given_tags(quiz, before)
            if leaf.tag not in given:
                what = f"no earlier answer gives the tag `{leaf.tag}`"
                yield Fault((*path, "tag"), what, nearest(leaf.tag, sorted(given)))
        case ScoreIs() if leaf.score.of is not None and leaf.score.of not in quiz.scales:
            what = f"no answer adds to the scale `{leaf.score.of}`"
            yield Fault((*path, "score", "of"), what, nearest(leaf.score.of, quiz.scales))
        case TopScoreIs() if leaf.top_score not in quiz.scales:
            what = f"no answer adds to the scale `{leaf.top_score}`"
            yield Fault((*path, "top_score"), what, nearest(leaf.top_score, quiz.scales))
        case RightIs() if not quiz.has_right:
            what = "no question has a right answer"
            yield Fault((*path, "right"), what, "mark the right options with `right: true`")
        case LanguageIs() if leaf.language not in quiz.languages:
            what = f"the quiz does not speak `{leaf.language}`"
            yield Fault((*path, "language"), what, nearest(leaf.language, quiz.languages))


def _in_group(quiz: Quiz, path: Path, leaf: Leaf, rule: Path) -> Iterator[Fault]:
    """Yield a question that is asked about within its own group: there the order is not known."""
    here = quiz.questions[int(rule[1])]
    asked = quiz.by_id.get(leaf.question) if isinstance(leaf, AnswerIs) else None
    group = quiz.groups.get(here.group or "")
    if asked is None or asked is here or group is None or asked.group != here.group:
        return
    if group.shuffle or group.pick is not None:
        what = f"`{asked.id}` is of the same group, it may be asked later or not at all"
        yield Fault((*path, "question"), what, "take one of the two out of the group")


def _answer(quiz: Quiz, path: Path, leaf: AnswerIs, before: int) -> Iterator[Fault]:
    question = quiz.by_id.get(leaf.question)
    if question is None:
        what = f"unknown question `{leaf.question}`"
        earlier = [question.id for question in quiz.questions[:before]]
        yield Fault((*path, "question"), what, nearest(leaf.question, earlier))
    elif quiz.index[leaf.question] >= before:
        what = f"`{leaf.question}` is asked later, its answer is not known here"
        yield Fault((*path, "question"), what, "ask about an earlier question, or move this one down")
    elif leaf.is_range:
        yield from _size(question, path, leaf)
    elif leaf.answered is None:
        yield from _words(question, path, leaf)


def _size(question: AnyQuestion, path: Path, leaf: AnswerIs) -> Iterator[Fault]:
    if not isinstance(question, Scored | Several | Day):
        what = f"`{question.id}` has no size to compare"
        yield Fault(path, what, "use `is` or `in`; `at_least` fits numbers and several choices")
        return
    bounds = {"at_least": leaf.at_least, "at_most": leaf.at_most}
    for name, bound in bounds.items():
        if bound is not None and isinstance(bound, str) != isinstance(question, Day):
            wanted = "a date" if isinstance(question, Day) else "a number"
            remedy = "write e.g. '1990-12-31'" if isinstance(question, Day) else "write it in digits"
            yield Fault((*path, name), f"`{question.id}` is {wanted}, `{bound}` is none", remedy)


def _words(question: AnyQuestion, path: Path, leaf: AnswerIs) -> Iterator[Fault]:
    key = "is" if leaf.is_ is not None else "in"
    asked = [word for word in leaf.wanted if not (question.refusable and word == RATHER_NOT_SAY)]
    if question.is_personal and asked:
        what = f"the answer of `{question.id}` stands on the person's card only"
        yield Fault((*path, key), what, "ask `answered: true`")
        return
    if RATHER_NOT_SAY in asked:
        what = f"`{question.id}` cannot be refused"
        yield Fault((*path, key), what, "add `refusable: true` to it")
        return
    known = _known_answers(question)
    for word in asked if known is not None else ():
        if word not in (known or ()):
            what = f"`{question.id}` has no answer `{word}`"
            yield Fault((*path, key), what, nearest(word, known or ()))


def _known_answers(question: AnyQuestion) -> list[str] | None:
    """Return the words an answer may be; None where people write what they like."""
    if isinstance(question, YesNo | Agreement):
        return ["yes", "no"]
    if isinstance(question, Join | Statement):
        return ["yes"]
    if isinstance(question, Optioned):
        own = [OTHER] if question.other is not None else []
        return [folded(option.id) for option in question.options] + own
    if isinstance(question, Scale | Stars):
        least = question.min if isinstance(question, Scale) else 1
        return [str(value) for value in range(least, question.max + 1)]
    return None
