"""What a tapped button means at the question on the screen. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.quizzes.answers import Answered, Misfit, chosen, said
from core.quizzes.questions import AnyQuestion, Choice, Several, YesNo

if TYPE_CHECKING:
    from core.quizzes.flow import Walk


@dataclass(frozen=True, slots=True)
class Ticked:
    """Options ticked so far in a question with several; nothing is answered yet."""

    draft: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """Another question is shown; None means the first one that has no answer."""

    to: AnyQuestion | None


def pressed(
    done: Walk, question: AnyQuestion, draft: tuple[str, ...], action: str
) -> Answered | Misfit | Ticked | Moved | None:
    """Return what a tap means; None for a tap that means nothing here (too late, twice, forged)."""
    match action[:1]:
        case "o" | "x":
            return _option(question, draft, action)
        case "y" | "n" if isinstance(question, YesNo):
            return said("yes" if action == "y" else "no")
        case "d" if isinstance(question, Several):
            return chosen(question, list(draft))
        case "s" if question.optional:
            return Answered(None)
        case "k" if done.answers.get(question.id) is not None:
            return Moved(None)
        case "b":
            earlier = done.path[: done.path.index(question)] if question in done.path else done.path
            return Moved(earlier[-1]) if earlier else None
    return None


def _option(question: AnyQuestion, draft: tuple[str, ...], action: str) -> Answered | Misfit | Ticked | None:
    if not isinstance(question, Choice | Several) or int(action[1:]) >= len(question.options):
        return None
    option = question.options[int(action[1:])].id
    if isinstance(question, Choice):
        return Answered(option, option) if action[0] == "o" else None
    if (option in draft) == (action[0] == "o"):
        return None
    if action[0] == "x":
        return Ticked(tuple(one for one in draft if one != option))
    if question.most == 1:
        return Ticked((option,))
    if len(draft) >= question.most:
        return Misfit("at_most", (("n", question.most),))
    return Ticked((*draft, option))
