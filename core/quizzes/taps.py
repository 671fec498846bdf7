"""What a tapped button or a typed text means at the question on the screen. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.people.text import fold
from core.quizzes.answers import Answered, Misfit, chosen, own_words, refused, said, typed
from core.quizzes.buttons import earlier
from core.quizzes.phrases import PHRASES
from core.quizzes.questions import (
    Agreement,
    Contact,
    Day,
    Location,
    Number,
    Optioned,
    Scale,
    Several,
    Stars,
    Statement,
    Written,
    YesNo,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.quizzes.buttons import Button
    from core.quizzes.flow import Walk
    from core.quizzes.questions import AnyQuestion


@dataclass(frozen=True, slots=True)
class Ticked:
    """Options ticked so far in a question with several; nothing is answered yet."""

    draft: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """Another question is shown; None means the first one that has no answer."""

    to: AnyQuestion | None


@dataclass(frozen=True, slots=True)
class Prompted:
    """The person is asked for something, by a phrase's name; nothing moves."""

    name: str


_NUMBERED = re.compile(r"^\W*\d+\. (?=\w)")
_TICKED = re.compile(r" \(\d+\)$")
_SIGNS = re.compile(r"^\W+|\W+$")

Meant = Answered | Misfit | Ticked | Moved | Prompted


def pressed(done: Walk, question: AnyQuestion, draft: Sequence[Any], action: str) -> Meant | None:
    """Return what a tap means; None for a tap that means nothing here (too late, twice, forged)."""
    match action[:1]:
        case "s" if question.optional:
            return Answered(None)
        case "r" if question.refusable:
            return refused()
        case "k" if done.answers.get(question.id) is not None:
            return Moved(None)
        case "b":
            back = earlier(done, question)
            return Moved(back) if back is not None else None
    return _answered(question, draft, action)


def written(
    done: Walk,
    question: AnyQuestion,
    draft: Sequence[Any],
    text: str,
    today: date | None = None,
    rows: Sequence[Sequence[Button]] = (),
) -> Meant | None:
    """Return what a typed text means; None for one that means nothing where a button is waited for.

    `rows` are the buttons: who types what one says has pressed it.
    """
    if isinstance(question, Number | Written | Day):
        return typed(question, text, today)
    if isinstance(question, Contact | Location):
        action = _labelled(text)
        press = Misfit("press_share" if isinstance(question, Contact) else "press_place")
        return (pressed(done, question, draft, action) if action is not None else None) or press
    action = typed_button(rows, text)
    if action is not None and not (isinstance(question, Several) and action[:1] in "ox"):
        return pressed(done, question, draft, action)
    if not isinstance(question, Optioned) or question.other is None:
        return None
    own = own_words(text)
    if isinstance(own, Misfit) or not isinstance(question, Several):
        return own
    return _ticked(question, [one for one in draft if not isinstance(one, dict)], own.value)


def typed_button(rows: Sequence[Sequence[Button]], text: str) -> str | None:
    """Return the action of the one button that says this, signs around the words left aside or not."""
    buttons = [button for row in rows for button in row if button.payload]
    for same in (fold, _bare):
        wanted = same(text)
        found = [button for button in buttons if wanted and same(button.label) == wanted]
        if len(found) == 1:
            return found[0].payload.split(":")[2]
    return None


def _bare(label: str) -> str:
    """Return a label without ticks, stars, pictures, the number of a picture and the count of ticks."""
    return _SIGNS.sub("", _TICKED.sub("", _NUMBERED.sub("", fold(label))))


def _labelled(text: str) -> str | None:
    """Return the action of a button below the input field: it arrives as its label."""
    actions = {"skip": "s", "back": "b", "keep": "k", "refuse": "r"}
    labels = {fold(label).strip("‹ "): actions[name] for name in actions for label in PHRASES[name].values()}
    return labels.get(fold(text).strip("‹✓ "))


def _answered(question: AnyQuestion, draft: Sequence[Any], action: str) -> Meant | None:
    match action[:1]:
        case "o" | "x" if isinstance(question, Optioned):
            return _option(question, draft, action[0], int(action[1:]))
        case "w" if isinstance(question, Optioned) and question.other is not None:
            return Prompted("own_words")
        case "d" if isinstance(question, Several):
            return chosen(question, list(draft))
        case "y" | "n" if isinstance(question, YesNo | Agreement):
            return said(action == "y")
        case "g" if isinstance(question, Statement):
            return Answered(True)
        case "v" if isinstance(question, Scale | Stars):
            value = int(action[1:])
            least = question.min if isinstance(question, Scale) else 1
            return Answered(value, value) if least <= value <= question.max else None
    return None


def _option(question: Optioned, draft: Sequence[Any], sign: str, place: int) -> Meant | None:
    if place == len(question.options) and isinstance(question, Several) and sign == "x":
        rest = tuple(one for one in draft if not isinstance(one, dict))
        return Ticked(rest) if len(rest) < len(draft) else None
    if place >= len(question.options):
        return None
    option = question.options[place].id
    if not isinstance(question, Several):
        return Answered(option, option) if sign == "o" else None
    if (option in draft) == (sign == "o"):
        return None
    if sign == "x":
        return Ticked(tuple(one for one in draft if one != option))
    return _ticked(question, list(draft), option)


def _ticked(question: Several, draft: list[Any], one: Any) -> Ticked | Misfit:
    """Tick one more; where only one may be chosen it takes the place of the other."""
    if question.most == 1:
        return Ticked((one,))
    if len(draft) >= question.most:
        return Misfit("at_most", (("n", question.most),))
    return Ticked((*draft, one))
