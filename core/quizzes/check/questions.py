"""Questions, groups and results of a quiz, each by itself: ids, bounds, right answers, keyboards, lessons."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from core.quizzes.answers import Misfit, typed
from core.quizzes.check.texts import labels
from core.quizzes.definition import RESERVED
from core.quizzes.patterns import pattern_fault
from core.quizzes.problems import Fault, Path, nearest
from core.quizzes.questions import Agreement, Choice, Day, Join, Number, Optioned, Several, Written
from core.quizzes.values import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.quizzes.definition import Quiz
    from core.quizzes.questions import AnyQuestion

KEYBOARD_LIMIT = 9000  # bytes of labels and payloads; Telegram refuses a keyboard of about 10 KB
PAYLOAD_BYTES = 48  # of a button beside its label, with the JSON around it
CALLBACK_LIMIT = 64  # bytes a button may carry
LARGEST_RUN = 10**18 - 1
_CHANNEL = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")


def id_faults(quiz: Quiz) -> Iterator[Fault]:
    """Yield ids that stand twice or have a meaning of their own."""
    yield from _repeated(("questions",), [question.id for question in quiz.questions])
    yield from _repeated(("results",), [result.id for result in quiz.results])
    for place, question in enumerate(quiz.questions):
        path: Path = ("questions", place)
        if question.id in RESERVED:
            yield Fault((*path, "id"), f"`{question.id}` has a meaning of its own", "choose another id")
        if isinstance(question, Optioned):
            yield from _repeated((*path, "options"), [option.id for option in question.options])


def question_faults(quiz: Quiz) -> Iterator[Fault]:
    """Yield what is wrong with single questions."""
    for place, question in enumerate(quiz.questions):
        path: Path = ("questions", place)
        yield from _bounds(question, path)
        yield from _right(question, path)
        yield from _keyboard(question, path)
        if isinstance(question, Written) and question.regex is not None:
            yield from _pattern(question, path)
        if isinstance(question, Agreement) and question.refusable:
            what = "a consent is given or not given, it cannot be refused for ever"
            yield Fault((*path, "refusable"), what, "remove `refusable`; «no» is an answer")
        if isinstance(question, Join) and not _is_channel(question.channel):
            what = f"`{question.channel}` cannot be a channel's name"
            yield Fault((*path, "channel"), what, "write it as its link does, e.g. '@our_shop'")


def group_faults(quiz: Quiz) -> Iterator[Fault]:
    """Yield groups that are unknown, torn apart or too small for their `pick`."""
    last = ""
    closed: set[str] = set()
    for place, question in enumerate(quiz.questions):
        name, path = question.group or "", ("questions", place, "group")
        if name and name not in quiz.groups:
            yield Fault(path, f"unknown group `{name}`", nearest(name, list(quiz.groups)))
        elif name and name in closed and name != last:
            yield Fault(
                path, f"the group `{name}` is torn apart", "let its questions stand one after another"
            )
        last = name
        closed.add(name)
    for name, group in quiz.groups.items():
        size = sum(question.group == name for question in quiz.questions)
        if group.pick is not None and size and group.pick > size:
            what = f"{group.pick} questions are to be asked, the group has {size}"
            yield Fault(("groups", name, "pick"), what, "lower `pick`, or add questions")


def result_faults(quiz: Quiz) -> Iterator[Fault]:
    """Yield results that take everybody's place or leave somebody without one, and lessons out of order."""
    *conditional, last = quiz.results
    if last.when is not None:
        what = "the last result has a condition: some people would get none"
        yield Fault(("results", len(conditional), "when"), what, "add a last result without `when`")
    for place, result in enumerate(conditional):
        if result.when is None:
            what = "no result after this one can be reached: it has no condition"
            yield Fault(("results", place), what, "give it a `when`, or move it to the end")
    for place, result in enumerate(quiz.results):
        hours = [lesson.after_hours for lesson in result.lessons]
        for number, (before, after) in enumerate(pairwise(hours), 1):
            if after <= before:
                what = f"this lesson comes {after} hours after the quiz, the one above after {before}"
                path = ("results", place, "lessons", number, "after_hours")
                yield Fault(path, what, "put lessons in the order of time, each later than the last")


def _repeated(path: Path, ids: list[str]) -> Iterator[Fault]:
    met: set[str] = set()
    for place, name in enumerate(ids):
        if name in met:
            yield Fault((*path, place, "id"), f"the id `{name}` is taken", "give each its own id")
        met.add(name)


def _bounds(question: AnyQuestion, path: Path) -> Iterator[Fault]:
    if isinstance(question, Several) and question.min > question.most:
        yield Fault((*path, "min"), "more must be chosen than may be", "lower `min` or raise `max`")
    if isinstance(question, Day) and question.min is not None and question.max is not None:
        today = date(2026, 1, 1)  # both bounds move together with today
        if question.min.day(today) > question.max.day(today):
            yield Fault((*path, "min"), "`min` is after `max`", "exchange them")
    if not isinstance(question, Number) or question.min is None or question.max is None:
        return
    if question.min > question.max:
        yield Fault((*path, "min"), "`min` is above `max`", "exchange them")


def _is_channel(channel: str | int) -> bool:
    return isinstance(channel, int) or _CHANNEL.fullmatch(channel) is not None


def _right(question: AnyQuestion, path: Path) -> Iterator[Fault]:
    """Yield right answers nobody can give."""
    if isinstance(question, Number | Written | Day):
        for word in question.right:
            text = folded(word)
            if isinstance(typed(question, text), Misfit):
                what = f"the right answer `{text}` does not fit the question itself"
                yield Fault((*path, "right"), what, "change it, or the limits of the question")
    if isinstance(question, Several) and question.has_right:
        number = sum(option.right for option in question.options)
        if not question.min <= number <= question.most:
            what = f"{number} options are right, that many cannot be chosen"
            yield Fault((*path, "max" if question.max else "min"), what, "change `min` or `max`")


def _pattern(question: Written, path: Path) -> Iterator[Fault]:
    fault = pattern_fault(question.regex or "")
    if fault:
        what, _, remedy = fault.partition("; ")
        yield Fault((*path, "regex"), f"the pattern cannot be used: {what}", remedy)
    if question.check is not None:
        yield Fault((*path, "regex"), "`check` and `regex` stand together", "keep one of them")


def _keyboard(question: AnyQuestion, path: Path) -> Iterator[Fault]:
    longest = [max(len(word.encode()) for word in label.wordings.values()) for _, label in labels(question)]
    size = sum(longest) + PAYLOAD_BYTES * len(longest)
    if size > KEYBOARD_LIMIT:
        what = f"the buttons take {size} bytes, Telegram takes about {KEYBOARD_LIMIT}"
        yield Fault((*path, "options"), what, "shorten the labels or offer fewer options")
    options = len(question.options) if isinstance(question, Choice | Several) else 10
    payload = f"q:{LARGEST_RUN}:{path[1]}:o{options}"
    if len(payload) > CALLBACK_LIMIT:
        what = f"a button would carry {len(payload)} bytes, {CALLBACK_LIMIT} is Telegram's limit"
        yield Fault(path, what, "split the quiz")
