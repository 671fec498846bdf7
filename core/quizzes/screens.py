"""What a person sees at a place in a quiz: a Screen, independent of Telegram. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import ceil
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode

from core.quizzes import flow
from core.quizzes.buttons import Button as Button
from core.quizzes.buttons import preview, preview_rows, question_rows
from core.quizzes.buttons import read_payload as read_payload
from core.quizzes.phrases import phrase
from core.quizzes.questions import (
    Contact,
    Day,
    Location,
    Number,
    Optioned,
    Scale,
    Several,
    Statement,
    Written,
)
from core.quizzes.texts import filled, visible
from core.quizzes.values import is_given, is_refused_before
from core.quizzes.words import feedback, piped, told, worded
from core.words import cut

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from core.quizzes.definition import Quiz, Result
    from core.quizzes.flow import Walk
    from core.quizzes.questions import AnyQuestion
    from core.quizzes.words import Reader

Wants = Literal["tap", "text", "contact", "location", "choice_or_text"]
PREVIEW_LIMIT = 3500  # visible characters of the list of all answers


@dataclass(frozen=True, slots=True)
class Ending:
    """What a finished run amounts to; `file` is the promised file, if it is there."""

    id: str
    text: str
    file: Path | None
    segment: str | None
    tags: frozenset[str]
    score: int
    next_quiz: str | None = None


@dataclass(frozen=True, slots=True)
class Screen:
    """What to show: HTML text, rows of buttons, and what the quiz waits for.

    `kind`: a question; all answers before the end (`confirm`); the result of a finished run; or gone (the
    button belongs to no run of this person). `problem` is a sentence about the last answer, `notice` one
    that asks for it; nothing was lost. `stale`: the tap came too late or twice and changed nothing.
    `message_id` is the message to edit; None asks for a new one. `picture` is sent as it is; `sheet` are the
    pictures of the options with the numbers on their buttons. `due_at`: when the time is up.
    `alerts` are sentences for the owners. `next_quiz` begins right after this result is shown.
    """

    run_id: int
    quiz: str
    kind: Literal["question", "confirm", "result", "gone"]
    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    progress: tuple[int, int] | None = None
    wants: Wants | None = None
    problem: str | None = None
    result: Ending | None = None
    message_id: int | None = None
    stale: bool = False
    share_label: str | None = None  # what the button that shares a phone or a place says
    picture: Path | None = None
    sheet: tuple[tuple[int, Path], ...] = ()
    notice: str | None = None
    alerts: tuple[str, ...] = ()
    next_quiz: str | None = None
    due_at: datetime | None = None
    channel: str | int | None = None  # to join

    @property
    def body(self) -> str:
        """The text with the problem or the notice above it."""
        if self.problem or self.notice:
            return f"⚠️ {self.problem}\n\n{self.text}" if self.problem else f"{self.notice}\n\n{self.text}"
        return self.text

    def seconds_left(self, now: datetime) -> float | None:
        """Return how long the person still has; None without a limit."""
        return max(0.0, (self.due_at - now).total_seconds()) if self.due_at is not None else None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stands: its number, the question shown, what is ticked so far, the message it edits."""

    run_id: int
    shown: AnyQuestion
    draft: tuple[Any, ...] = ()
    message_id: int | None = None
    seed: int = 0


def question_screen(quiz: Quiz, done: Walk, place: Place, reader: Reader) -> Screen:
    """Show a question: the open one, or an earlier one the person went back to."""
    question, language = place.shown, reader.language
    before = _before(done, question)
    number = 1 + sum(flow.counts(done, one) for one in before)
    progress = number, max(number, flow.length(quiz, done))
    names = piped(quiz, done, reader)
    lines = [_said(done, question, before, names, language)]
    if not before and quiz.intro is not None:
        lines.append(filled(quiz.intro.of(language), names))
    if not isinstance(question, Statement):
        lines.append(f"<i>{phrase('progress', language, n=number, of=progress[1])}</i>")
    lines.append(filled(question.text.of(language), names))
    lines += _hints(quiz, done, question, not before, language)
    return Screen(
        run_id=place.run_id,
        quiz=quiz.id,
        kind="question",
        text="\n\n".join(filter(None, lines)),
        buttons=tuple(question_rows(quiz, done, question, place.draft, place.run_id, place.seed)),
        progress=progress,
        wants=wants(question),
        message_id=place.message_id,
        share_label=_share_label(question, language),
    )


def confirm_screen(quiz: Quiz, done: Walk, run_id: int, message_id: int | None, reader: Reader) -> Screen:
    """Show all answers before the end; as many as a message holds."""
    language, names = reader.language, piped(quiz, done, reader)
    head = [_last_said(done, names, language), phrase("confirm", language)]
    lines, length = list[str](), 0
    listed = preview(done)
    for number, question in enumerate(listed, 1):
        asked = cut(" ".join(visible(filled(question.text.of(language), names)).split()), 80)
        answer = cut(told(question, done.answers[question.id], language), 200)
        length += len(asked) + len(answer) + 8
        if length > PREVIEW_LIMIT:
            lines.append(phrase("and_more", language, n=len(listed) - number + 1))
            break
        lines.append(f"{number}. {escape(asked, quote=False)}\n— <b>{escape(answer, quote=False)}</b>")
    text = "\n\n".join([*filter(None, head), "\n".join(lines)])
    rows = tuple(preview_rows(quiz, done, run_id))
    return Screen(run_id, quiz.id, "confirm", text, rows, wants="tap", message_id=message_id)


def result_screen(
    quiz: Quiz,
    done: Walk,
    found: Result,
    place: tuple[int, int | None],
    reader: Reader,
    *,
    is_cut: bool = False,
) -> Screen:
    """Show what a finished walk amounts to; `place` are the run and the message it edits."""
    language, names = reader.language, piped(quiz, done, reader)
    said = phrase("time_over", language) if is_cut else _last_said(done, names, language)
    text = "\n\n".join(filter(None, [said, filled(found.text.of(language), names)]))
    tags = done.tags | set(found.tags)
    end = Ending(found.id, text, None, found.segment, tags, done.score, found.next)
    rows = _share_rows(found, names, reader)
    run_id, message_id = place
    return Screen(
        run_id, quiz.id, "result", text, rows, result=end, message_id=message_id, next_quiz=found.next
    )


def wants(question: AnyQuestion) -> Wants:
    """Return what a question waits for."""
    if isinstance(question, Contact):
        return "contact"
    if isinstance(question, Location):
        return "location"
    if isinstance(question, Optioned) and question.other is not None:
        return "choice_or_text"
    return "text" if isinstance(question, Number | Written | Day) else "tap"


def _before(done: Walk, question: AnyQuestion) -> list[AnyQuestion]:
    """Return the questions that were really shown before this one."""
    path = done.path[: done.path.index(question)] if question in done.path else done.path
    return [one for one in path if not is_refused_before(done.answers[one.id])]


def _said(
    done: Walk, question: AnyQuestion, before: list[AnyQuestion], names: Mapping[str, str], language: str
) -> str:
    """Return what is said to the answer before the open question; nothing to one who went back."""
    if question in done.path or not before:
        return ""
    return feedback(before[-1], done.answers[before[-1].id], names, language)


def _last_said(done: Walk, names: Mapping[str, str], language: str) -> str:
    if not done.path:
        return ""
    return feedback(done.path[-1], done.answers[done.path[-1].id], names, language)


def _hints(quiz: Quiz, done: Walk, question: AnyQuestion, is_first: bool, language: str) -> list[str]:
    """Return what helps to answer: limits of time, ends of a scale, the answer given before."""
    value = done.answers.get(question.id)
    hints = []
    if isinstance(question, Scale) and (question.low or question.high):
        hints.append(_ends(question, language))
    if isinstance(question, Several):
        hints.append(phrase("several", language))
    if isinstance(question, Optioned) and question.other is not None:
        hints.append(phrase("or_write", language))
    if is_given(value) and wants(question) in ("text", "contact", "location"):
        hints.append(phrase("now", language, value=worded(question, value, language)))
    if question.time_limit_seconds is not None and question == done.next:
        hints.append(phrase("seconds", language, n=question.time_limit_seconds))
    if quiz.time_limit_seconds is not None and is_first:
        hints.append(phrase("minutes", language, n=ceil(quiz.time_limit_seconds / 60)))
    return [f"<i>{escape(hint, quote=False)}</i>" for hint in hints]


def _ends(question: Scale, language: str) -> str:
    ends = ((question.min, question.low), (question.max, question.high))
    return " · ".join(f"{value} — {text.of(language)}" for value, text in ends if text is not None)


def _share_label(question: AnyQuestion, language: str) -> str | None:
    if isinstance(question, Contact):
        return phrase("share", language)
    return phrase("share_place", language) if isinstance(question, Location) else None


def _share_rows(found: Result, names: Mapping[str, str], reader: Reader) -> tuple[tuple[Button, ...], ...]:
    if found.share is None or not reader.share_link:
        return ()
    said = visible(filled(found.share_text.of(reader.language), names)) if found.share_text else ""
    query = urlencode({"url": reader.share_link, "text": said}, quote_via=quote)
    return ((Button(found.share.of(reader.language), "", f"https://t.me/share/url?{query}"),),)
