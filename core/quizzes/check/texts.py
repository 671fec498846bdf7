"""Texts of a quiz: markup, pipes, languages, and the lengths Telegram takes at worst."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.quizzes.problems import Fault, Path, nearest
from core.quizzes.questions import Agreement, Join, Optioned, Scale, Several, Statement, Written, YesNo
from core.quizzes.reach import ways
from core.quizzes.texts import NAME_LIMIT, Text, markup_fault, pipes, visible_length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.quizzes.definition import Quiz
    from core.quizzes.questions import AnyQuestion

MESSAGE_LIMIT = 4096  # characters of a message, after its markup is read
CAPTION_LIMIT = 1024  # … of the words below a picture or a file
CHROME = 300  # of these, kept for progress, hints and a problem above the question
LABEL_LIMIT = 64
TITLE_LIMIT = 64
SHARE_LIMIT = 500
LINK_LENGTH = 80  # of the person's own link
KNOWN_PIPES = ("first_name", "score", "right", "asked", "share_link")


class Said(NamedTuple):
    """A text of the file: where it stands, how long it may grow, whether it is a button's label."""

    path: Path
    text: Text
    limit: int
    is_label: bool = False


def text_faults(quiz: Quiz) -> Iterator[Fault]:
    """Yield what is wrong with the texts."""
    for said in every_text(quiz):
        yield from _languages(quiz, said)
        for spoken, word in said.text.wordings.items():
            place = (*said.path, spoken) if spoken else said.path
            if said.is_label:
                yield from _label(place, word)
                continue
            if len(word) > 5 * MESSAGE_LIMIT:  # not worth a second look
                yield _too_long(place, len(word), said.limit)
                continue
            fault = markup_fault(word)
            if fault:
                yield Fault(place, *fault.partition("; ")[::2])
            yield from _piped(quiz, place, word)
            yield from _length(quiz, place, word, said.limit)


def text_warnings(quiz: Quiz) -> Iterator[Fault]:
    """Yield wordings that are missing and pipes that may be empty."""
    for said in every_text(quiz):
        missing = [one for one in quiz.languages if one not in said.text.wordings]
        if missing and "" not in said.text.wordings:
            what = f"the wording in {', '.join(f'`{one}`' for one in missing)} is missing"
            yield Fault(said.path, what, f"add it, or people get the one in `{quiz.languages[0]}`")


def every_text(quiz: Quiz) -> Iterator[Said]:
    """Yield every text people read, with its place in the file."""
    yield Said(("title",), quiz.title, TITLE_LIMIT)
    intro = min(_longest(quiz.intro), MESSAGE_LIMIT - 2 * CHROME)  # a longer one is told by itself
    if quiz.intro is not None:
        yield Said(("intro",), quiz.intro, MESSAGE_LIMIT - CHROME)
    before = _feedback_before(quiz)
    for place, question in enumerate(quiz.questions):
        path: Path = ("questions", place)
        whole = CAPTION_LIMIT if question.picture is not None else MESSAGE_LIMIT
        room = whole - CHROME - before.get(question.id, 0) - (0 if place else intro)
        yield Said((*path, "text"), question.text, room)
        yield from _around(question, path)
    for place, alert in enumerate(quiz.alerts):
        yield Said(("alerts", place, "text"), alert.text, MESSAGE_LIMIT - CHROME)
    yield from _results(quiz, before.get("", 0))


def _around(question: AnyQuestion, path: Path) -> Iterator[Said]:
    """Yield the smaller texts of a question: labels, hints, what is said to an answer."""
    for below, label in labels(question):
        yield Said((*path, *below), label, LABEL_LIMIT, is_label=True)
    for below, text in feedbacks(question):
        yield Said((*path, *below), text, MESSAGE_LIMIT - CHROME)
    if isinstance(question, Written) and question.wrong is not None:
        yield Said((*path, "wrong"), question.wrong, CHROME - 50)
    if isinstance(question, Scale):
        ends = (("low", question.low), ("high", question.high))
        yield from (Said((*path, name), text, LABEL_LIMIT) for name, text in ends if text is not None)


def _results(quiz: Quiz, before: int) -> Iterator[Said]:
    for place, result in enumerate(quiz.results):
        path: Path = ("results", place)
        whole = CAPTION_LIMIT if result.picture is not None else MESSAGE_LIMIT
        yield Said((*path, "text"), result.text, whole - before)
        if result.share is not None:
            yield Said((*path, "share"), result.share, LABEL_LIMIT, is_label=True)
        if result.share_text is not None:
            yield Said((*path, "share_text"), result.share_text, SHARE_LIMIT)
        for number, lesson in enumerate(result.lessons):
            limit = CAPTION_LIMIT if lesson.file is not None else MESSAGE_LIMIT
            yield Said((*path, "lessons", number, "text"), lesson.text, limit)


def labels(question: AnyQuestion) -> Iterator[tuple[Path, Text]]:
    """Yield the words on the buttons of a question."""
    if isinstance(question, Optioned):
        yield from ((("options", place, "text"), one.text) for place, one in enumerate(question.options))
        if question.other is not None:
            yield ("other",), question.other
    elif isinstance(question, YesNo):
        for name, side in (("yes", question.yes), ("no", question.no)):
            if side.text is not None:
                yield (name, "text"), side.text
    elif isinstance(question, Agreement):
        sides = (("yes", question.yes), ("no", question.no))
        yield from (((name,), text) for name, text in sides if text is not None)
    elif isinstance(question, Statement) and question.button is not None:
        yield ("button",), question.button


def feedbacks(question: AnyQuestion) -> Iterator[tuple[Path, Text]]:
    """Yield what may be said to an answer."""
    if isinstance(question, Optioned):
        for place, option in enumerate(question.options):
            if option.feedback is not None:
                yield ("options", place, "feedback"), option.feedback
    elif isinstance(question, YesNo):
        for name, side in (("yes", question.yes), ("no", question.no)):
            if side.feedback is not None:
                yield (name, "feedback"), side.feedback
    if question.feedback is not None:
        ends = (("right", question.feedback.right), ("wrong", question.feedback.wrong))
        yield from ((("feedback", name), text) for name, text in ends if text is not None)


def _feedback_before(quiz: Quiz) -> dict[str, int]:
    """Return how much feedback may stand above each question ("" for the results)."""
    said = {one.id: _said(quiz, one) for one in quiz.questions if any(feedbacks(one))}
    before: dict[str, int] = {}
    if not said:
        return before
    for way in ways(quiz):
        before[way.target] = max(before.get(way.target, 0), said.get(way.source, 0))
    for question in quiz.questions:  # in a shuffled group any of them may stand before any other
        together = [one for one in quiz.questions if one.group == question.group and one is not question]
        if question.group is not None and together:
            most = max(said.get(one.id, 0) for one in together)
            before[question.id] = max(before.get(question.id, 0), most)
    return before


def _said(quiz: Quiz, question: AnyQuestion) -> int:
    """Return the longest feedback of a question: of all chosen options, and of right or wrong."""
    whole, options = 0, []
    for path, text in feedbacks(question):
        size = max(_grown(quiz, word) for word in text.wordings.values()) + 2
        if path[0] == "feedback":
            whole = max(whole, size)
        else:
            options.append(size)
    return whole + (sum(options) if isinstance(question, Several) else max(options, default=0))


def _languages(quiz: Quiz, said: Said) -> Iterator[Fault]:
    words, first = said.text.wordings, quiz.languages[0]
    if "" in words:
        return
    if first not in words:  # readers of the others get this one where theirs is missing
        yield Fault(said.path, f"the wording in `{first}` is missing", f"add `{first}: …`")
    for spoken in words:
        if spoken not in quiz.languages:
            remedy = f"add `{spoken}` to `languages`, or remove it here"
            yield Fault((*said.path, spoken), f"the quiz does not speak `{spoken}`", remedy)


def _label(path: Path, word: str) -> Iterator[Fault]:
    if len(word) > LABEL_LIMIT:
        what = f"the label has {len(word)} characters, {LABEL_LIMIT} fit on a button"
        yield Fault(path, what, "shorten it and put the rest into the question")
    if "\n" in word:
        yield Fault(path, "a label cannot have several lines", "write it in one line")


def _piped(quiz: Quiz, path: Path, word: str) -> Iterator[Fault]:
    known = _answers_at(quiz, path)
    always = {*KNOWN_PIPES, *(f"scores.{name}" for name in quiz.scales)}
    for name in sorted(pipes(word) - always - set(known)):
        what = f"`{{{{ {name} }}}}` is not the name or an earlier answer"
        near = [one for one in always if "." in one] if name.startswith("scores.") else ["first_name", *known]
        yield Fault(path, what, nearest(name, near))


def _answers_at(quiz: Quiz, path: Path) -> list[str]:
    """Return the questions whose answers a text at this place may show."""
    if path[0] in ("title", "intro"):
        return []
    asked = list(quiz.questions)
    if path[0] == "questions":
        here = asked[int(path[1])]
        is_after = len(path) > 2 and ("feedback" in path)
        asked = asked[: int(path[1]) + is_after]
        asked = [one for one in asked if one.group is None or one.group != here.group or one is here]
    return [one.id for one in asked]


def _length(quiz: Quiz, path: Path, word: str, limit: int) -> Iterator[Fault]:
    length = _grown(quiz, word)
    if length > limit:
        yield _too_long(path, length, limit)


def _too_long(path: Path, length: int, limit: int) -> Fault:
    what = f"the text may grow to {length} characters, {limit} fit into a message"
    return Fault(path, what, "shorten it, or let people write less (`max_length`)")


def _grown(quiz: Quiz, word: str) -> int:
    return visible_length(word) + sum(_longest_answer(quiz, name) for name in pipes(word))


def _longest(text: Text | None) -> int:
    return max(map(len, text.wordings.values())) if text is not None else 0


def _longest_answer(quiz: Quiz, name: str) -> int:
    question = quiz.by_id.get(name)
    if name == "share_link":
        return LINK_LENGTH
    if isinstance(question, Written):
        return question.max_length
    if isinstance(question, Optioned):
        each = [_longest(option.text) + 2 for option in question.options]
        own = 200 if question.other is not None else 0
        return sum(each) + own if isinstance(question, Several) else max(*each, own)
    if isinstance(question, Join | Statement):
        return 20
    return NAME_LIMIT
