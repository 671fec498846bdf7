"""Sentences with the words of the quizzes: what an owner reads instead of ids."""

from __future__ import annotations

import pytest

from core.quizzes.loader import Library
from core.segments.language import parse
from core.segments.presets import shipped
from core.segments.titles import spoken


@pytest.mark.parametrize(
    ("rule", "ru", "en"),
    [
        (
            "quiz entry.role = owner",
            "ответ на вопрос «Кто вы сейчас?» — «Владею бизнесом»",
            "the answer to “Who are you right now?”: “I own a business”",
        ),
        (
            "not quiz entry.role in (Owner, nobody)",
            ("ответ на вопрос «Кто вы сейчас?» — не «Владею бизнесом» и не «nobody» (или неизвестно)"),
            (
                "the answer to “Who are you right now?” is neither “I own a business” nor “nobody” "
                "(or unknown)"
            ),
        ),
        (
            "tag vip and (quiz entry.role is unknown or quiz entry.score >= 7)",
            (
                "есть метка «vip» и (ответ на вопрос «Кто вы сейчас?»: неизвестно или "
                "баллы квиза «Знакомство» не меньше 7)"
            ),
            (
                "has the tag “vip” and (the answer to “Who are you right now?” is unknown or "
                "the points of the quiz “Getting to know you”: at least 7)"
            ),
        ),
        (
            "quiz entry.gone = x",
            "ответ на вопрос «gone» квиза «Знакомство» — «x»",
            "the answer to “gone” of the quiz “Getting to know you”: “x”",
        ),
        (
            "quiz removed.role = owner",
            "ответ на вопрос «role» квиза «removed» — «owner»",
            "the answer to “role” of the quiz “removed”: “owner”",
        ),
    ],
)
def test_a_sentence_says_questions_and_answers_as_people_read_them(
    library: Library, rule: str, ru: str, en: str
) -> None:
    told = spoken(parse(rule), library)
    assert (told.sentence("ru"), told.sentence("en")) == (ru, en)


def test_the_words_change_neither_the_rule_nor_its_spelling(library: Library) -> None:
    for preset in shipped():
        rule = parse(preset.rule)
        told = spoken(rule, library)
        assert told == rule
        assert told.text() == preset.rule


def test_every_question_of_the_shipped_quizzes_can_be_said(library: Library) -> None:
    for name, loaded in library.quizzes.items():
        for question in loaded.quiz.questions:
            told = spoken(parse(f"quiz {name}.{question.id} is known"), library)
            for language in ("ru", "en"):
                sentence = told.sentence(language)
                assert "<" not in sentence
                assert "{{" not in sentence
                assert len(sentence) < 140
