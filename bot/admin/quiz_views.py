"""What the owner reads about quizzes: the list, a card, what a file he sent has wrong."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.admin.callbacks import LibraryTap
from bot.admin.problem_words import in_words
from bot.admin.views import LONGEST_TEXT, button, keyboard, visible_length
from bot.texts import Html
from core.quizzes.graph import spoken
from core.quizzes.told import words_in
from core.words import day_and_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    from bot.admin.callbacks import LibraryAction as Action
    from bot.texts import Say
    from core.quizzes.definition import Quiz
    from core.quizzes.library_changes import Change, Standing
    from core.quizzes.problems import Problem

MOST_PROBLEMS, MOST_NAMES, MOST_LINES, MOST_VERSIONS = 12, 8, 40, 12


def title_of(quiz: Quiz, say: Say) -> str:
    """Return the title of a quiz in the owner's language, without markup."""
    return spoken(quiz.title.of(quiz.language_for(say.language)))


def list_text(say: Say, found: Sequence[Standing]) -> str:
    """Return the list of all quizzes."""
    if not found:
        return say("library-empty")
    lines = [_line(say, one) for one in found[:MOST_LINES]]
    lines += [say("library-more", count=len(found) - MOST_LINES)] if len(found) > MOST_LINES else []
    return say("library-list", lines=Html("\n".join(lines)))


def _line(say: Say, one: Standing) -> str:
    key = "library-line-on" if one.is_on else "library-line-off"
    return say(key, title=spoken(one.title), started=one.started, finished=one.finished)


def list_keyboard(found: Sequence[Standing]) -> InlineKeyboardMarkup:
    """Return a button for every quiz."""
    return keyboard(*([_tap(spoken(one.title)[:40], "card", one.quiz)] for one in found[:MOST_LINES]))


def card_text(say: Say, one: Standing, quiz: Quiz | None, zone: ZoneInfo) -> str:
    """Return what is known of one quiz."""
    return say(
        "library-card",
        title=title_of(quiz, say) if quiz is not None else one.title,
        quiz=one.quiz,
        state=say("library-state-on" if one.is_on else "library-state-off"),
        since=say("library-since", at=day_and_time(one.at, zone)) if one.at else say("library-since-folder"),
        about=Html(about(say, quiz) if quiz is not None else ""),
        started=one.started,
        finished=one.finished,
    )


def card_keyboard(say: Say, one: Standing, number: int, *, may_be_off: bool) -> InlineKeyboardMarkup:
    """Return what can be done with a quiz; `number` is the change that would switch it on again."""
    name = one.quiz
    look = [
        _tap(say("library-button-picture"), "picture", name),
        _tap(say("library-button-people"), "people", name),
    ]
    keep = [
        _tap(say("library-button-yaml"), "yaml", name),
        _tap(say("library-button-versions"), "versions", name),
    ]
    act = []
    if one.is_on:
        act.append(_tap(say("library-button-try"), "try", name))
        if may_be_off:
            act.append(_tap(say("library-button-off"), "off", name))
    elif number:
        act.append(_tap(say("library-button-on"), "on", name, number))
    back = [_tap(say("library-button-back"), "list", name)]
    rows = [look, keep] if one.is_on else [keep]
    return keyboard(*(row for row in (*rows, act, back) if row))


def about(say: Say, quiz: Quiz) -> str:
    """Return what a quiz consists of: kinds of questions, results, languages."""
    words = words_in(say.language)
    kinds = list(dict.fromkeys(words[question.kind] for question in quiz.questions))
    names = [result.id for result in quiz.results]
    return "\n".join(
        [
            say("library-about-questions", count=len(quiz.questions), kinds=", ".join(kinds)),
            say("library-about-results", count=len(names), names=_few(say, names)),
            say("library-about-languages", names=", ".join(quiz.languages)),
        ]
    )


def versions_text(say: Say, title: str, found: Sequence[Change], zone: ZoneInfo) -> str:
    """Return the head of the list of versions."""
    if not found:
        return say("library-versions-none")
    return say("library-versions", title=title, at=day_and_time(found[0].at, zone))


def versions_keyboard(say: Say, quiz: str, found: Sequence[Change], zone: ZoneInfo) -> InlineKeyboardMarkup:
    """Return a button for every earlier version."""
    rows = [
        [_tap(say("library-button-return", at=day_and_time(one.at, zone)), "on", quiz, one.id)]
        for one in found[1 : MOST_VERSIONS + 1]
    ]
    return keyboard(*rows, [_tap(say("library-button-back"), "card", quiz)])


def off_keyboard(say: Say, quiz: str) -> InlineKeyboardMarkup:
    """Return the two answers to whether a quiz should be switched off."""
    return keyboard(
        [_tap(say("library-button-sure"), "sure", quiz)], [_tap(say("library-button-keep"), "card", quiz)]
    )


def sent_keyboard(say: Say, quiz: str, number: int, *, may_be_on: bool) -> InlineKeyboardMarkup:
    """Return what can be done with a file that was sent."""
    row = [_tap(say("library-button-try"), "try", quiz, number)]
    if may_be_on:
        row.append(_tap(say("library-button-on"), "on", quiz, number))
    return keyboard(row)


def problems_text(say: Say, file: str, problems: Sequence[Problem]) -> str:
    """Return what has to be mended in a file."""
    return say("library-problems", file=file, count=len(problems), lines=Html(_told(say, problems)))


def warnings_text(say: Say, problems: Sequence[Problem]) -> str:
    """Return what may be a mistake in a file."""
    return say("library-warnings", lines=Html(_told(say, problems)))


def missing_text(say: Say, names: Sequence[str]) -> str:
    """Return which promised files are still to be sent."""
    return say(
        "library-missing",
        names=Html("\n".join(f"• <code>{escape(name, quote=False)}</code>" for name in names)),
    )


def _told(say: Say, problems: Sequence[Problem]) -> str:
    """Return problems one below the other, as many as fit into a message."""
    lines: list[str] = []
    for problem in problems[:MOST_PROBLEMS]:
        what, remedy = in_words(problem, say.language)
        line = say(
            "library-problem",
            line=str(problem.line),  # a place, not a quantity: 1431 has no space in it
            column=str(problem.column),
            what=what[:300],
            remedy=remedy[:300],
        )
        if visible_length("\n".join([*lines, line])) > LONGEST_TEXT - 400:
            break
        lines.append(line)
    if len(lines) < len(problems):
        lines.append(say("library-more", count=len(problems) - len(lines)))
    return "\n".join(lines)


def _few(say: Say, names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES])
    rest = len(names) - MOST_NAMES
    return f"{shown} {say('library-more', count=rest)}" if rest > 0 else shown


def _tap(text: str, action: Action, quiz: str, number: int = 0) -> InlineKeyboardButton:
    return button(text, LibraryTap(action=action, quiz=quiz, number=number).pack())
