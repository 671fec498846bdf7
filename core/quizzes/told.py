"""Kinds, answers and conditions of a quiz in words an owner reads, in Russian or English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.quizzes.conditions import (
    AllOf,
    AnswerIs,
    AnyOf,
    HasTag,
    LanguageIs,
    Not,
    RightIs,
    ScoreIs,
    TopScoreIs,
)
from core.quizzes.phrases import numeral, phrase
from core.quizzes.questions import Added, Agreement, Marked, Optioned, Scale, Stars, YesNo
from core.quizzes.values import OTHER, RATHER_NOT_SAY

if TYPE_CHECKING:
    from core.quizzes.conditions import AnyCondition, Leaf
    from core.quizzes.definition import Quiz
    from core.quizzes.questions import AnyQuestion

WORDS: dict[str, dict[str, str]] = {
    "ru": {
        "choice": "один из вариантов",
        "several": "несколько вариантов",
        "yes_no": "да или нет",
        "scale": "шкала",
        "stars": "звёзды",
        "number": "число",
        "text": "текст",
        "date": "дата",
        "contact": "номер телефона",
        "location": "геопозиция",
        "statement": "сообщение",
        "consent": "согласие",
        "join": "подписка на канал",
        "optional": "можно пропустить",
        "refusable": "можно не отвечать",
        "and": "и",
        "or": "или",
        "not": "не",
        "if": "если",
        "otherwise": "во всех остальных случаях",
        "score": "баллы",
        "top_score": "больше всего баллов у «{name}»",
        "right": "верных ответов",
        "tag": "есть метка",
        "no_tag": "нет метки",
        "language": "язык",
        "language_not": "язык не",
        "answered": "на {name} есть ответ",
        "unanswered": "{name} без ответа",
        "refused": "не хочет отвечать",
        "from_to": "от {least} до {most}",
        "end": "Результат — первый, который подошёл",
        "end_checked": "Проверка ответов, потом результат",
        "segment": "сегмент",
        "file": "файл",
        "lessons": "уроков после: {count}",
        "next": "дальше — квиз",
        "saves": "сохраняется в",
        "scored": "ответ — баллы",
        "seconds": "на ответ {count} с",
        "group": "группа «{name}»",
        "shuffle": "в случайном порядке",
        "pick": "спросят {count}",
        "finish": "→ сразу к результату, если",
        "more": "… и ещё вариантов: {count}",
        "dropped": "ушли",
        "about": "вопросов: {questions} · результатов: {results} · языки: {languages}",
        "alerts": "сигналов вам: {count}",
        "people": "начали {started}, закончили {finished}",
    },
    "en": {
        "choice": "one of several",
        "several": "several choices",
        "yes_no": "yes or no",
        "scale": "a scale",
        "stars": "stars",
        "number": "a number",
        "text": "a text",
        "date": "a date",
        "contact": "a phone number",
        "location": "a place",
        "statement": "a message",
        "consent": "a consent",
        "join": "joining a channel",
        "optional": "may be skipped",
        "refusable": "may be refused",
        "and": "and",
        "or": "or",
        "not": "not",
        "if": "if",
        "otherwise": "in all other cases",
        "score": "points",
        "top_score": "most points for “{name}”",
        "right": "right answers",
        "tag": "tag",
        "no_tag": "no tag",
        "language": "language",
        "language_not": "language is not",
        "answered": "{name} is answered",
        "unanswered": "{name} is not answered",
        "refused": "rather not say",
        "from_to": "from {least} to {most}",
        "end": "The result is the first that fits",
        "end_checked": "A check of the answers, then the result",
        "segment": "segment",
        "file": "file",
        "lessons": "{count} lessons follow",
        "next": "then the quiz",
        "saves": "saved as",
        "scored": "the answer counts as points",
        "seconds": "{count} s to answer",
        "group": "group “{name}”",
        "shuffle": "in random order",
        "pick": "{count} are asked",
        "finish": "→ straight to the result if",
        "more": "… and {count} more answers",
        "dropped": "left",
        "about": "{questions} questions · {results} results · languages: {languages}",
        "alerts": "{count} alerts to you",
        "people": "begun {started}, finished {finished}",
    },
}


def words_in(language: str) -> dict[str, str]:
    """Return the words of a language, the English ones for another."""
    return WORDS.get(language, WORDS["en"])


def kind_words(question: AnyQuestion, language: str) -> str:
    """Return the kind of a question in words."""
    words = words_in(language)
    extra = [words[name] for name in ("optional", "refusable") if getattr(question, name)]
    return ", ".join([words[question.kind], *extra])


def answer_words(question: AnyQuestion, language: str) -> list[tuple[str, str, str]]:
    """Return the answers one may choose: as stored, in words, and what each adds; none for a typed one."""
    if isinstance(question, Optioned):
        found = [(one.id, one.text.of(language), added(one)) for one in question.options]
        return found + ([(OTHER, question.other.of(language), "")] if question.other is not None else [])
    if isinstance(question, YesNo):
        sides = (("yes", question.yes), ("no", question.no))
        return [
            (name, side.text.of(language) if side.text else phrase(name, language), added(side))
            for name, side in sides
        ]
    if isinstance(question, Agreement):
        texts = (("yes", question.yes, "agree"), ("no", question.no, "disagree"))
        return [
            (name, text.of(language) if text else phrase(usual, language), "") for name, text, usual in texts
        ]
    return []


def number_words(question: AnyQuestion) -> list[tuple[str, str, str]]:
    """Return the numbers of a scale or stars as answers, for counts beside them."""
    if isinstance(question, Scale):
        return [(str(value), str(value), "") for value in range(question.min, question.max + 1)]
    if isinstance(question, Stars):
        return [(str(value), str(value), "") for value in range(1, question.max + 1)]
    return []


def added(mark: Added) -> str:
    """Return what an answer adds: points, points of named scales, tags; ✓ where it is right."""
    parts = ["✓"] if isinstance(mark, Marked) and mark.right else []
    parts += [f"{mark.score:+d}"] if mark.score else []
    parts += [f"={mark.set_score}"] if mark.set_score is not None else []
    parts += [f"{name} {points:+d}" for name, points in mark.scores.items()]
    return " ".join([*parts, *(f"#{tag}" for tag in mark.tags)])


def told(condition: AnyCondition, quiz: Quiz, language: str) -> str:
    """Return a condition in words: questions by their number, answers as people read them."""
    words = words_in(language)
    if isinstance(condition, AllOf | AnyOf):
        parts = condition.all if isinstance(condition, AllOf) else condition.any
        joint = f" {words['and' if isinstance(condition, AllOf) else 'or']} "
        return joint.join(_inner(part, quiz, language) for part in parts)
    if isinstance(condition, Not):
        return _denied(condition.not_, quiz, language)
    return _leaf(condition, quiz, language)


def _denied(condition: AnyCondition, quiz: Quiz, language: str) -> str:
    """Return a condition that must not hold in words: `№2 is not answered`, not `not №2 is answered`."""
    words = words_in(language)
    match condition:
        case Not():
            return told(condition.not_, quiz, language)
        case AnswerIs(answered=bool(answered)):
            return _answer(condition.model_copy(update={"answered": not answered}), quiz, language)
        case AnswerIs(is_range=False):
            joint = f" {words['and']} {words['not']} "
            name, labels = _chosen(condition, quiz, language)
            return f"{name} — {words['not']} {joint.join(labels)}"
        case HasTag():
            return f"{words['no_tag']} #{condition.tag}"
        case LanguageIs():
            return f"{words['language_not']} {condition.language}"
    return f"{words['not']} ({told(condition, quiz, language)})"


def _inner(condition: AnyCondition, quiz: Quiz, language: str) -> str:
    text = told(condition, quiz, language)
    return f"({text})" if isinstance(condition, AllOf | AnyOf) else text


def _leaf(leaf: Leaf, quiz: Quiz, language: str) -> str:
    words = words_in(language)
    match leaf:
        case AnswerIs():
            return _answer(leaf, quiz, language)
        case ScoreIs():
            scale = f" «{leaf.score.of}»" if leaf.score.of else ""
            return f"{words['score']}{scale} {bounds(leaf.score.at_least, leaf.score.at_most, language)}"
        case TopScoreIs():
            return words["top_score"].format(name=leaf.top_score)
        case RightIs():
            return f"{words['right']} {bounds(leaf.right.at_least, leaf.right.at_most, language)}"
        case HasTag():
            return f"{words['tag']} #{leaf.tag}"
        case LanguageIs():
            return f"{words['language']} {leaf.language}"


def _answer(condition: AnswerIs, quiz: Quiz, language: str) -> str:
    words = words_in(language)
    name, labels = _chosen(condition, quiz, language)
    if condition.answered is not None:
        return words["answered" if condition.answered else "unanswered"].format(name=name)
    if condition.is_range:
        return f"{name} {bounds(condition.at_least, condition.at_most, language)}"
    joint = f" {words['or']} "
    return f"{name} — {joint.join(labels)}"


def _chosen(condition: AnswerIs, quiz: Quiz, language: str) -> tuple[str, list[str]]:
    """Return a question by its number, and the answers asked for as people read them."""
    question = quiz.by_id.get(condition.question)
    labels = {RATHER_NOT_SAY: words_in(language)["refused"]}
    if question is None:
        return condition.question, [labels.get(one, one) for one in condition.wanted]
    labels |= {key: label for key, label, _ in answer_words(question, language)}
    return f"№{quiz.index[question.id] + 1}", [labels.get(one, one) for one in condition.wanted]


def bounds(least: float | str | None, most: float | str | None, language: str) -> str:
    """Return bounds in words.

    >>> bounds(3, 5.5, "ru"), bounds(3, 5.5, "en"), bounds(None, "1990-12-31", "en")
    ('от 3 до 5,5', 'from 3 to 5.5', '≤ 1990-12-31')
    """
    low, high = (
        one if one is None or isinstance(one, str) else numeral(one, language) for one in (least, most)
    )
    if low is None:
        return f"≤ {high}"
    return f"≥ {low}" if high is None else words_in(language)["from_to"].format(least=low, most=high)
