"""What does no harm but is hardly meant: tags nobody uses, feedback nobody sees, pipes that may be empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.quizzes.check.pipes import pipe_warnings
from core.quizzes.check.rules import given_tags, placed
from core.quizzes.check.texts import every_text, text_warnings
from core.quizzes.check.unreached import unchecked
from core.quizzes.conditions import HasTag, ScoreIs, TopScoreIs, leaves
from core.quizzes.phrases import PHRASES
from core.quizzes.problems import Fault, Path, nearest
from core.quizzes.questions import Agreement, Choice
from core.quizzes.texts import pipes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from core.quizzes.definition import Quiz


def warnings(
    quiz: Quiz, tags_used: Collection[str] = (), segments: Collection[str] | None = None
) -> Iterator[Fault]:
    """Yield what may be a mistake; `tags_used` by segments, and the `segments` there are, if known."""
    yield from _foreign(quiz)
    yield from text_warnings(quiz)
    yield from pipe_warnings(quiz)
    yield from _unused(quiz, tags_used)
    yield from _questions(quiz)
    yield from _results(quiz, segments)
    yield from unchecked(quiz)


def _foreign(quiz: Quiz) -> Iterator[Fault]:
    """Yield the languages in which the engine's own words (Skip, Done, hints) are English, once a file."""
    foreign = [f"`{one}`" for one in quiz.languages if one not in PHRASES["done"]]
    if foreign:
        what = f"buttons and hints of the bot itself are English in {', '.join(foreign)}"
        yield Fault(("languages",), what, "write your own `text` for yes and no; all the others stay English")


def _unused(quiz: Quiz, tags_used: Collection[str]) -> Iterator[Fault]:
    asked = [leaf for _, rule, _ in placed(quiz) for _, leaf in leaves(rule)]
    tags = {leaf.tag for leaf in asked if isinstance(leaf, HasTag)} | set(tags_used)
    given = given_tags(quiz)
    for place, result in enumerate(quiz.results):
        for number, tag in enumerate(result.tags):
            given.setdefault(tag, ("results", place, "tags", number))
    for tag, path in given.items():
        if tag not in tags:
            what = f"nothing uses the tag `{tag}`: no condition here and no segment"
            yield Fault(path, what, f"make a segment with the rule `tag {_quoted(tag)}`, or remove it")
    scales = {leaf.score.of for leaf in asked if isinstance(leaf, ScoreIs)}
    shown = {
        name for said in every_text(quiz) for word in said.text.wordings.values() for name in pipes(word)
    }
    if not any(isinstance(leaf, TopScoreIs) for leaf in asked):
        for name in quiz.scales:
            if name not in scales and f"scores.{name}" not in shown:
                what = f"nothing asks for the scale `{name}`"
                yield Fault((), what, "use it in a condition or a text, or remove its points")
    for name in quiz.groups:
        if not any(question.group == name for question in quiz.questions):
            yield Fault(("groups", name), f"no question is in the group `{name}`", "remove it")


def _questions(quiz: Quiz) -> Iterator[Fault]:
    purposes: set[str] = set()
    for place, question in enumerate(quiz.questions):
        path: Path = ("questions", place)
        if question.feedback is not None and not question.has_right:
            what = "no answer of this question is right, its feedback is never said"
            yield Fault((*path, "feedback"), what, "mark the right answers with `right`")
        if isinstance(question, Choice) and all(option.right for option in question.options):
            yield Fault((*path, "options"), "every option is right", "leave `right` to some of them")
        own, whole = question.time_limit_seconds, quiz.time_limit_seconds
        if own is not None and whole is not None and own >= whole:
            what = f"the whole quiz has {whole} seconds, this question alone {own}"
            yield Fault((*path, "time_limit_seconds"), what, "give the quiz more time, or the question less")
        if isinstance(question, Agreement):
            if question.purpose in purposes:
                what = f"the purpose `{question.purpose}` is asked a second time"
                yield Fault((*path, "purpose"), what, "the later answer will hold; keep one question")
            purposes.add(question.purpose)
            for word in question.text.wordings.values():
                for name in sorted(pipes(word) - {"first_name"}):
                    what = f"the proof of a consent keeps its wording, not what `{name}` showed"
                    yield Fault((*path, "text"), what, f"write the text without `{{{{ {name} }}}}`")


def _results(quiz: Quiz, segments: Collection[str] | None) -> Iterator[Fault]:
    for place, result in enumerate(quiz.results):
        path: Path = ("results", place)
        if segments is not None and result.segment is not None and result.segment not in segments:
            what = f"there is no segment `{result.segment}`"
            yield Fault((*path, "segment"), what, _close_or_new(result.segment, segments))
        if result.share_text is not None and result.share is None:
            what = "there is no button to share, its text is never sent"
            yield Fault((*path, "share_text"), what, "add `share: …`, the label of the button")


def _close_or_new(name: str, segments: Collection[str]) -> str:
    remedy = nearest(name, sorted(segments))
    return remedy if remedy.startswith("did") else "make a segment with this name, or name one of yours"


def _quoted(tag: str) -> str:
    return tag if tag.isidentifier() else f'"{tag}"'
