"""Buttons below a question, and what they send back. Pure."""

from __future__ import annotations

import re
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from core.quizzes.order import places
from core.quizzes.phrases import phrase
from core.quizzes.questions import Agreement, Join, Optioned, Scale, Several, Stars, Statement, YesNo
from core.quizzes.values import is_given, is_late, is_refused, is_refused_before, listed, other_text
from core.quizzes.words import is_told, side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.quizzes.definition import Quiz
    from core.quizzes.flow import Walk
    from core.quizzes.questions import AnyQuestion

_PAYLOAD = re.compile(r"([0-9]{1,18}):([0-9]{1,3}):([bcdgjknrswy]|[ox][0-9]{1,2}|v[0-9]{1,2}|e[0-9]{1,3})")
NARROW = 14  # characters of a label that fit beside another one on a phone
IN_A_ROW = 6  # numbers of a scale
STARS_IN_A_ROW = 5
MOST_CHANGES = 80  # buttons of a preview; Telegram takes a hundred


class Button(NamedTuple):
    """A button: what it says, and the short text it sends back (beside the edge's own prefix), or its link.

    The payload is `run:place of the question in the file:action`; actions: `o3` choose or tick the fourth
    option of the file, `x3` untick it (told apart, so that a tap that arrives twice does not undo itself),
    `v7` this value of a scale, `y` `n` yes and no, `d` done, `w` in my own words, `g` go on, `s` skip,
    `r` rather not say, `k` keep the earlier answer, `b` back, `j` have I joined?, `c` all is correct,
    `e5` change the answer to the sixth question.
    """

    label: str
    payload: str
    url: str = ""


Rows = list[tuple[Button, ...]]


def read_payload(payload: str) -> tuple[int, int, str] | None:
    """Return run, question index and action of a button's payload; None where it is not ours.

    >>> read_payload("12:3:o2")
    (12, 3, 'o2')
    >>> read_payload("12:3:drop table")
    """
    match = _PAYLOAD.fullmatch(payload)
    return (int(match[1]), int(match[2]), match[3]) if match else None


def question_rows(
    quiz: Quiz, done: Walk, question: AnyQuestion, draft: Sequence[Any], run_id: int, seed: int
) -> Rows:
    """Return the rows below a question."""
    head, language = f"{run_id}:{quiz.index[question.id]}:", done.language
    now = done.answers.get(question.id)
    rows = _answer_rows(question, now, draft, head, language, seed)
    if question.refusable:
        sign = "✓ " if is_refused(now) else ""
        rows.append((Button(sign + phrase("refuse", language), head + "r"),))
    last = []
    if earlier(done, question) is not None:
        last.append(Button(phrase("back", language), head + "b"))
    if now is not None and not isinstance(question, Statement):
        last.append(Button(phrase("keep", language), head + "k"))
    if question.optional:
        last.append(Button(phrase("skip", language), head + "s"))
    return [*rows, tuple(last)] if last else rows


def preview_rows(quiz: Quiz, done: Walk, run_id: int) -> Rows:
    """Return the rows below the list of all answers: send, or change one of them by its number."""
    head, language = f"{run_id}:{len(quiz.questions)}:", done.language
    listed_ = preview(done)
    change = [
        Button(f"✎ {number}", f"{head}e{quiz.index[question.id]}")
        for number, question in enumerate(listed_, 1)
        if may_change(question, done.answers[question.id])
    ]
    rows = _in_rows(change[:MOST_CHANGES], STARS_IN_A_ROW)
    return [(Button(phrase("send", language), head + "c"),), *rows]


def preview(done: Walk) -> list[AnyQuestion]:
    """Return the questions whose answers are listed before the end."""
    return [question for question in done.path if not isinstance(question, Statement | Join)]


def earlier(done: Walk, question: AnyQuestion) -> AnyQuestion | None:
    """Return where «back» leads: the last question before whose answer may still be changed here."""
    path = done.path[: done.path.index(question)] if question in done.path else done.path
    can = (one for one in reversed(path) if may_change(one, done.answers[one.id]))
    return next((one for one in can if not is_refused_before(done.answers[one.id])), None)


def may_change(question: AnyQuestion, value: Any) -> bool:
    """Say whether an answer may be changed: not after its time, nor after being told the right one."""
    return not is_late(value) and not (is_told(question) and is_given(value))


def _answer_rows(
    question: AnyQuestion, now: Any, draft: Sequence[Any], head: str, language: str, seed: int
) -> Rows:
    if isinstance(question, Optioned):
        return _option_rows(question, now, draft, head, language, seed)
    if isinstance(question, YesNo | Agreement):
        both = [
            Button(("✓ " if now is is_yes else "") + side(question, is_yes, language), head + action)
            for is_yes, action in ((True, "y"), (False, "n"))
        ]
        return [tuple(both)] if all(len(one.label) <= NARROW for one in both) else [(one,) for one in both]
    if isinstance(question, Scale | Stars):
        return _number_rows(question, now, head)
    if isinstance(question, Statement):
        label = question.button.of(language) if question.button else phrase("go_on", language)
        return [(Button(label, head + "g"),)]
    if isinstance(question, Join):
        subscribe = Button(phrase("subscribe", language), "", question.link)
        return [(subscribe,), (Button(phrase("check_join", language), head + "j"),)]
    return []


def _option_rows(
    question: Optioned, now: Any, draft: Sequence[Any], head: str, language: str, seed: int
) -> Rows:
    is_many = isinstance(question, Several)
    ticked = list(draft) if is_many else listed(now)
    sign = ("✅ ", "◻️ ") if is_many else ("✓ ", "")
    numbered = any(option.picture for option in question.options)
    buttons = []
    for number, place in enumerate(places(question, seed), 1):
        option = question.options[place]
        is_on = option.id in ticked
        label = f"{number}. {option.text.of(language)}" if numbered else option.text.of(language)
        action = "x" if is_on and is_many else "o"
        buttons.append(Button(sign[not is_on] + label, f"{head}{action}{place}"))
    rows = _in_rows(buttons, question.columns)
    if question.other is not None:
        own = other_text(ticked)
        label = sign[own is None] + (_short(own) if own is not None else question.other.of(language))
        is_unticked = own is not None and is_many
        rows.append((Button(label, f"{head}x{len(question.options)}" if is_unticked else head + "w"),))
    if is_many:
        count = f" ({len(ticked)})" if ticked else ""
        rows.append((Button(phrase("done", language) + count, head + "d"),))
    return rows


def _number_rows(question: Scale | Stars, now: Any, head: str) -> Rows:
    least = question.min if isinstance(question, Scale) else 1
    star = " ⭐" if isinstance(question, Stars) else ""
    buttons = [
        Button(("✓ " if now == value and now is not True else "") + f"{value}{star}", f"{head}v{value}")
        for value in range(least, question.max + 1)
    ]
    most = STARS_IN_A_ROW if star else IN_A_ROW
    return _in_rows(buttons, ceil(len(buttons) / ceil(len(buttons) / most)))


def _in_rows(buttons: list[Button], width: int) -> Rows:
    return [tuple(buttons[start : start + width]) for start in range(0, len(buttons), width)]


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
