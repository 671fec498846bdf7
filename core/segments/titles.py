"""Sentences with the words of the quizzes: «Кто вы сейчас?» and «Владею бизнесом» in the place of ids."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from core.people.text import fold
from core.quizzes.told import answer_words
from core.segments.conditions import All, Compare, Condition, IsKnown, Not, OneOf, QuizTaken
from core.segments.conditions import Any as AnyOf
from core.segments.fields import AnyField, Asked, RowField
from core.words import cut

if TYPE_CHECKING:
    from core.quizzes.definition import Quiz
    from core.quizzes.loader import Library
    from core.quizzes.questions import AnyQuestion

_LONGEST = 80  # characters of a question in a sentence
_MARKUP = re.compile(r"<[^<>]*>")
_PIPE = re.compile(r"\{\{.*?\}\}")
_ORNAMENT = re.compile(r"^[^\w«“\"(+−-]+(?=.)")  # an emoji before the label of a button
_RESULT = ("итог квиза {}", "the result of the quiz {}")
_POINTS = ("баллы квиза {}", "the points of the quiz {}")
_OTHER = ("ответ на вопрос «{question}» квиза {}", "the answer to “{question}” of the quiz {}")


def spoken(condition: Condition, library: Library) -> Condition:
    """Return a rule whose sentence says questions and answers as people read them; it means the same.

    What the library does not know (any more) keeps its id.
    """
    if isinstance(condition, Not):
        return Not(spoken(condition.part, library))
    if isinstance(condition, All | AnyOf):
        return replace(condition, parts=tuple(spoken(part, library) for part in condition.parts))
    if isinstance(condition, QuizTaken):
        taken = library.quizzes.get(condition.quiz)
        return condition if taken is None else replace(condition, titles=_titles(taken.quiz))
    if isinstance(condition, Compare | OneOf | IsKnown):
        return replace(condition, field=worded(condition.field, library))
    return condition


def worded(field: AnyField, library: Library) -> AnyField:
    """Return a field whose title is the question a quiz asks; any other one as it is."""
    if not isinstance(field, RowField) or field.table != "answers" or field.key[0] not in library.quizzes:
        return field
    return replace(field, asked=_asked(library.quizzes[field.key[0]].quiz, field.key[1]))


def _asked(quiz: Quiz, name: str) -> Asked:
    for question in quiz.questions:
        if question.id == name:
            title = tuple(_line(question.text.of(_of(quiz, language))) for language in ("ru", "en"))
            titles = (f"ответ на вопрос «{title[0]}»", f"the answer to “{title[1]}”")
            return Asked(titles, _answers(quiz, question))
    form = {"result": _RESULT, "score": _POINTS}.get(name, _OTHER)
    ru, en = _titles(quiz)
    return Asked((form[0].format(f"«{ru}»", question=name), form[1].format(f"“{en}”", question=name)))


def _titles(quiz: Quiz) -> tuple[str, str]:
    return quiz.title.of(_of(quiz, "ru")), quiz.title.of(_of(quiz, "en"))


def _answers(quiz: Quiz, question: AnyQuestion) -> tuple[tuple[str, str, str], ...]:
    both = zip(*(answer_words(question, _of(quiz, language)) for language in ("ru", "en")), strict=True)
    return tuple((fold(ru[0]), _label(ru[1]), _label(en[1])) for ru, en in both)


def _of(quiz: Quiz, language: str) -> str:
    return quiz.language_for(language)


def _label(text: str) -> str:
    return _ORNAMENT.sub("", _line(text))


def _line(text: str) -> str:
    """Return the question itself: the first line, to its first question mark, without markup."""
    line = unescape(_MARKUP.sub("", _PIPE.sub("…", text))).strip().split("\n")[0]
    asked, mark, _ = line.partition("?")
    return cut(f"{asked}{mark}", _LONGEST)
