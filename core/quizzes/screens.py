"""What a person sees at a place in a quiz: a Screen, independent of Telegram. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from core.quizzes import flow
from core.quizzes.phrases import phrase
from core.quizzes.questions import Choice, Contact, Number, Several, Written, YesNo
from core.quizzes.texts import filled
from core.quizzes.values import SHARED, folded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from core.quizzes.definition import Quiz, Result
    from core.quizzes.flow import Walk
    from core.quizzes.questions import AnyQuestion

_PAYLOAD = re.compile(r"([0-9]{1,18}):([0-9]{1,3}):([bdknsy]|[ox][0-9]{1,2})")
NARROW = 14  # characters of a label that fit beside another one on a phone


class Button(NamedTuple):
    """A button: what it says, and the short text it sends back (beside the edge's own prefix).

    The payload is `run:question index:action`; actions: `o3` choose or tick the fourth option, `x3` untick
    it (told apart, so that a tap that arrives twice does not undo itself), `y` `n` yes and no, `d` done,
    `s` skip, `k` keep the earlier answer, `b` back.
    """

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Ending:
    """What a finished run amounts to; `file` is the promised file, if it is there."""

    id: str
    text: str
    file: Path | None
    segment: str | None
    tags: frozenset[str]
    score: int


@dataclass(frozen=True, slots=True)
class Screen:
    """What to show: HTML text, rows of buttons, and what the quiz waits for.

    `kind`: a question; the result of a finished run; or gone (the button belongs to no run of this person).
    `problem` is a sentence about the last answer, nothing was lost. `stale`: the tap came too late or
    twice and changed nothing. `message_id` is the message to edit; None asks for a new one.
    """

    run_id: int
    quiz: str
    kind: Literal["question", "result", "gone"]
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    progress: tuple[int, int] | None = None
    wants: Literal["tap", "text", "contact"] | None = None
    problem: str | None = None
    result: Ending | None = None
    message_id: int | None = None
    stale: bool = False
    share_label: str | None = None  # what the contact button says

    @property
    def body(self) -> str:
        """The text with the problem above it."""
        return f"⚠️ {self.problem}\n\n{self.text}" if self.problem else self.text


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: his language among the quiz's, and the name he is called by."""

    language: str
    first_name: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stands: its number, the question shown, what is ticked so far, the message it edits."""

    run_id: int
    shown: AnyQuestion
    draft: tuple[str, ...] = ()
    message_id: int | None = field(default=None)


def read_payload(payload: str) -> tuple[int, int, str] | None:
    """Return run, question index and action of a button's payload; None where it is not ours.

    >>> read_payload("12:3:o2")
    (12, 3, 'o2')
    >>> read_payload("12:3:drop table")
    """
    match = _PAYLOAD.fullmatch(payload)
    return (int(match[1]), int(match[2]), match[3]) if match else None


def question_screen(quiz: Quiz, done: Walk, place: Place, reader: Reader) -> Screen:
    """Show a question: the open one, or an earlier one the person went back to."""
    question, language = place.shown, reader.language
    number = done.path.index(question) + 1 if question in done.path else len(done.path) + 1
    progress = (number, max(number, flow.length(quiz, done)))
    names = piped(quiz, done.answers, reader)
    lines = [f"<i>{phrase('progress', language, n=progress[0], of=progress[1])}</i>"]
    if number == 1 and quiz.intro is not None:
        lines.insert(0, filled(quiz.intro.of(language), names))
    lines.append(filled(question.text.of(language), names))
    lines += _hints(question, done.answers.get(question.id), names, language)
    return Screen(
        run_id=place.run_id,
        quiz=quiz.id,
        kind="question",
        text="\n\n".join(lines),
        buttons=tuple(_rows(quiz, done, place, language)),
        progress=progress,
        wants=wants(question),
        message_id=place.message_id,
        share_label=phrase("share", language) if isinstance(question, Contact) else None,
    )


def ending(quiz: Quiz, done: Walk, found: Result, file: Path | None, reader: Reader) -> Ending:
    """Return what a finished walk amounts to, worded for its reader."""
    text = filled(found.text.of(reader.language), piped(quiz, done.answers, reader))
    return Ending(found.id, text, file, found.segment, done.tags | set(found.tags), done.score)


def wants(question: AnyQuestion) -> Literal["tap", "text", "contact"]:
    """Return what a question waits for."""
    if isinstance(question, Contact):
        return "contact"
    return "text" if isinstance(question, Number | Written) else "tap"


def worded(question: AnyQuestion, value: Any, language: str) -> str:
    """Return an answer as a person would say it."""
    if value is None:
        return ""
    if isinstance(question, YesNo):
        return _side(question, bool(value), language)
    if isinstance(question, Choice | Several):
        ids = value if isinstance(value, list) else [value]
        return ", ".join(option.text.of(language) for option in question.options if option.id in ids)
    return phrase("shared", language) if value == SHARED and _is_personal(question) else folded_number(value)


def folded_number(value: Any) -> str:
    """Return a number without a needless `.0`, a text as it stands."""
    return folded(value) if isinstance(value, int | float) else str(value)


def piped(quiz: Quiz, answers: Mapping[str, Any], reader: Reader) -> dict[str, str]:
    """Return the values of every pipe: the name, and the answers in words."""
    values = {
        name: worded(quiz.by_id[name], value, reader.language)
        for name, value in answers.items()
        if not _is_personal(quiz.by_id[name])
    }
    return {**values, "first_name": reader.first_name}


def _is_personal(question: AnyQuestion) -> bool:
    return isinstance(question, Contact) or (isinstance(question, Written) and question.is_personal)


def _hints(question: AnyQuestion, value: Any, names: Mapping[str, str], language: str) -> list[str]:
    if isinstance(question, Several):
        return [f"<i>{phrase('several', language)}</i>"]
    if value is None or wants(question) == "tap":
        return []
    now = phrase("shared", language) if _is_personal(question) else "{{ " + question.id + " }}"
    return [f"<i>{filled(phrase('now', language, value=now), names)}</i>"]


def _rows(quiz: Quiz, done: Walk, place: Place, language: str) -> list[tuple[Button, ...]]:
    question = place.shown
    head = f"{place.run_id}:{quiz.index[question.id]}:"
    now = done.answers.get(question.id)
    rows = _answer_rows(question, now, place.draft, head, language)
    last = []
    if done.path and question != done.path[0]:
        last.append(Button(phrase("back", language), head + "b"))
    if question.id in done.answers and now is not None:
        last.append(Button(phrase("keep", language), head + "k"))
    if question.optional:
        last.append(Button(phrase("skip", language), head + "s"))
    return [*rows, tuple(last)] if last else rows


def _answer_rows(
    question: AnyQuestion, now: Any, draft: tuple[str, ...], head: str, language: str
) -> list[tuple[Button, ...]]:
    if isinstance(question, YesNo):
        sides = ((True, "y"), (False, "n"))
        both = [
            Button(("✓ " if now is side else "") + _side(question, side, language), head + action)
            for side, action in sides
        ]
        return [tuple(both)] if all(len(one.label) <= NARROW for one in both) else [(one,) for one in both]
    if not isinstance(question, Choice | Several):
        return []
    ticked = draft if isinstance(question, Several) else (now,)
    sign = ("✅ ", "◻️ ") if isinstance(question, Several) else ("✓ ", "")
    buttons = []
    for number, option in enumerate(question.options):
        is_on = option.id in ticked
        action = "x" if is_on and isinstance(question, Several) else "o"
        label = sign[not is_on] + option.text.of(language)
        buttons.append(Button(label, f"{head}{action}{number}"))
    width = question.columns
    rows = [tuple(buttons[start : start + width]) for start in range(0, len(buttons), width)]
    if isinstance(question, Several):
        count = f" ({len(draft)})" if draft else ""
        rows.append((Button(phrase("done", language) + count, head + "d"),))
    return rows


def _side(question: YesNo, side: bool, language: str) -> str:
    text = (question.yes if side else question.no).text
    return text.of(language) if text is not None else phrase("yes" if side else "no", language)
