"""What earns points of readiness, as the last run had them, in the words of the quizzes."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from bot.texts import Html
from core.segments.conditions import IsKnown
from core.segments.fields import RowField
from core.segments.titles import spoken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.texts import Say
    from core.quizzes.loader import Library

_TOLD = 12  # questions, and acts: what remains is counted


def points_text(say: Say, points: Mapping[str, Any], library: Library) -> str:
    """Return both lists of points, as the last run had them."""
    acts = [_act(say, kind, *worth) for kind, worth in _largest(points["events"], lambda worth: worth[0])]
    asked = {name: each for name, each in points["answers"].items() if _quiz(name) in library.quizzes}
    gone = len(points["answers"]) - len(asked)
    said = _largest(asked, lambda each: max(each.values(), default=0))
    answers = [_answers(say, name, each, library) for name, each in said]
    parts = [say("scores-points")]
    if acts:
        parts.append(_list(say, say("scores-points-acts", most=_number(say, points["engagement_cap"])), acts))
    if answers:
        parts.append(_list(say, say("scores-points-answers", most=_number(say, points["fit_cap"])), answers))
    if gone:
        parts.append(say("scores-points-gone", count=gone))
    return "\n\n".join(parts)


def _quiz(question: str) -> str:
    return question.partition(".")[0]


def _largest(points: Mapping[str, Any], worth: Any) -> list[tuple[str, Any]]:
    return sorted(points.items(), key=lambda pair: -worth(pair[1]))


def _list(say: Say, head: str, lines: list[str]) -> str:
    rest = len(lines) - _TOLD
    more = [say("scores-points-more", count=rest)] if rest > 0 else []
    return "\n".join([head, *lines[:_TOLD], *more])


def _act(say: Say, kind: str, points: float, days: int) -> str:
    title = say(f"scores-act-{kind}") if kind in ACTS else kind
    return say("scores-points-act", name=title, points=_number(say, points), days=days)


def _answers(say: Say, name: str, each: Mapping[str, float], library: Library) -> str:
    quiz, _, question = name.partition(".")
    asked = spoken(IsKnown(RowField("answers", (quiz, question)), True), library)
    field = asked.field if isinstance(asked, IsKnown) else RowField("answers", (quiz, question))
    english = say.language == "en"
    words = {word: (ru, en)[english] for word, ru, en in field.choices}
    told = ", ".join(
        f"{escape(words.get(answer, answer))} <b>{_signed(say, points)}</b>"
        for answer, points in _largest(each, lambda points: points)
    )
    title = (
        field.title("en" if english else "ru").removeprefix("ответ на вопрос ").removeprefix("the answer to ")
    )
    return say("scores-points-answer", question=title, told=Html(told))


def _signed(say: Say, points: float) -> str:
    return f"{'+' if points > 0 else ''}{_number(say, points)}"


def _number(say: Say, points: float) -> Html:
    text = f"{points:g}".replace("-", "−")
    return Html(text.replace(".", ",") if say.language == "ru" else text)


ACTS = frozenset(
    (
        "started",
        "quiz_started",
        "quiz_finished",
        "wrote",
        "message_clicked",
        "file_taken",
        "price_viewed",
        "referred",
    )
)
