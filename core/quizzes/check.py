"""What a well-formed quiz may still have wrong: references, limits of Telegram, translations, dead ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.quizzes.conditions import AnswerIs, HasTag, leaves
from core.quizzes.definition import RESERVED, Quiz
from core.quizzes.patterns import pattern_fault
from core.quizzes.problems import Fault, Path, nearest
from core.quizzes.questions import (
    Choice,
    Day,
    Number,
    Optioned,
    Scored,
    Several,
    Written,
    YesNo,
)
from core.quizzes.reach import unreached
from core.quizzes.texts import NAME_LIMIT, Text, markup_fault, pipes, visible_length
from core.quizzes.values import RATHER_NOT_SAY, folded

if TYPE_CHECKING:
    import pathlib
    from collections.abc import Iterator

    from core.quizzes.conditions import Leaf
    from core.quizzes.questions import AnyQuestion

MESSAGE_LIMIT = 4096  # characters of a message, after its markup is read
CHROME = 300  # of these, kept for progress, hints and a problem above the question
LABEL_LIMIT = 64
KEYBOARD_LIMIT = 9000  # bytes of labels and payloads; Telegram refuses a keyboard of about 10 KB
PAYLOAD_BYTES = 48  # of a button beside its label, with the JSON around it


def faults(quiz: Quiz, files: pathlib.Path) -> list[Fault]:
    """Return everything wrong with a quiz; `files` is the folder of what it promises."""
    found = [*_ids(quiz), *_texts(quiz), *_conditions(quiz), *_questions(quiz), *_results(quiz, files)]
    return found or list(unreached(quiz))  # a wrong reference would only be told a second time


def _ids(quiz: Quiz) -> Iterator[Fault]:
    yield from _repeated(("questions",), [question.id for question in quiz.questions])
    yield from _repeated(("results",), [result.id for result in quiz.results])
    for place, question in enumerate(quiz.questions):
        path: Path = ("questions", place)
        if question.id in RESERVED:
            yield Fault((*path, "id"), f"`{question.id}` has a meaning of its own", "choose another id")
        if isinstance(question, Choice | Several):
            yield from _repeated((*path, "options"), [option.id for option in question.options])


def _repeated(path: Path, ids: list[str]) -> Iterator[Fault]:
    for place, name in enumerate(ids):
        if name in ids[:place]:
            yield Fault((*path, place, "id"), f"the id `{name}` is taken", "give each its own id")


def _texts(quiz: Quiz) -> Iterator[Fault]:
    for path, text, limit in _every_text(quiz):
        yield from _languages(quiz, path, text)
        is_label = limit == LABEL_LIMIT
        for spoken, word in text.wordings.items():
            place = (*path, spoken) if spoken else path
            if is_label:
                yield from _label(place, word)
                continue
            fault = markup_fault(word)
            if fault:
                yield Fault(place, *fault.partition("; ")[::2])
            yield from _piped(quiz, place, word)
            yield from _length(quiz, place, word, limit)


def _every_text(quiz: Quiz) -> Iterator[tuple[Path, Text, int]]:
    yield ("title",), quiz.title, LABEL_LIMIT
    intro = max(map(len, quiz.intro.wordings.values())) if quiz.intro else 0
    if quiz.intro is not None:
        yield ("intro",), quiz.intro, MESSAGE_LIMIT - CHROME
    for place, question in enumerate(quiz.questions):
        path: Path = ("questions", place)
        yield (*path, "text"), question.text, MESSAGE_LIMIT - CHROME - (0 if place else intro)
        for below, label in _labels(question):
            yield (*path, *below), label, LABEL_LIMIT
        if isinstance(question, Written) and question.wrong is not None:
            yield (*path, "wrong"), question.wrong, CHROME - 50
    for place, result in enumerate(quiz.results):
        yield ("results", place, "text"), result.text, MESSAGE_LIMIT


def _labels(question: AnyQuestion) -> Iterator[tuple[Path, Text]]:
    if isinstance(question, Choice | Several):
        for place, option in enumerate(question.options):
            yield ("options", place, "text"), option.text
    elif isinstance(question, YesNo):
        for name, side in (("yes", question.yes), ("no", question.no)):
            if side.text is not None:
                yield (name, "text"), side.text


def _languages(quiz: Quiz, path: Path, text: Text) -> Iterator[Fault]:
    words = text.wordings
    if "" in words:
        return
    language = quiz.languages[0]  # readers of the others get this one where theirs is missing
    if language not in words:
        yield Fault(path, f"the wording in `{language}` is missing", f"add `{language}: …`")
    for spoken in words:
        if spoken not in quiz.languages:
            remedy = f"add `{spoken}` to `languages`, or remove it here"
            yield Fault((*path, spoken), f"the quiz does not speak `{spoken}`", remedy)


def _label(path: Path, word: str) -> Iterator[Fault]:
    if len(word) > LABEL_LIMIT:
        what = f"the label has {len(word)} characters, {LABEL_LIMIT} fit on a button"
        yield Fault(path, what, "shorten it and put the rest into the question")
    if "\n" in word:
        yield Fault(path, "a label cannot have several lines", "write it in one line")


def _piped(quiz: Quiz, path: Path, word: str) -> Iterator[Fault]:
    earlier = [question.id for question in quiz.questions]
    if path[0] == "questions":
        earlier = earlier[: int(path[1])]
    always = {
        "first_name",
        "score",
        "right",
        "asked",
        "share_link",
        *(f"scores.{one}" for one in quiz.scales),
    }
    for name in sorted(pipes(word) - always - set(earlier if path[0] != "intro" else [])):
        what = f"`{{{{ {name} }}}}` is not the name or an earlier answer"
        yield Fault(path, what, nearest(name, ["first_name", *earlier]))


def _length(quiz: Quiz, path: Path, word: str, limit: int) -> Iterator[Fault]:
    length = visible_length(word) + sum(_longest(quiz, name) for name in pipes(word))
    if length > limit:
        what = f"the text may grow to {length} characters, {limit} fit into a message"
        yield Fault(path, what, "shorten it, or let people write less (`max_length`)")


def _longest(quiz: Quiz, name: str) -> int:
    question = quiz.by_id.get(name)
    if isinstance(question, Written):
        return question.max_length
    if isinstance(question, Several):
        return sum(max(map(len, option.text.wordings.values())) + 2 for option in question.options)
    return NAME_LIMIT


def _conditions(quiz: Quiz) -> Iterator[Fault]:
    for place, question in enumerate(quiz.questions):
        for path, leaf in leaves(question.when, ("questions", place, "when")):
            yield from _leaf(quiz, path, leaf, place)
    for place, result in enumerate(quiz.results):
        for path, leaf in leaves(result.when, ("results", place, "when")):
            yield from _leaf(quiz, path, leaf, len(quiz.questions))


def _leaf(quiz: Quiz, path: Path, leaf: Leaf, before: int) -> Iterator[Fault]:
    if isinstance(leaf, HasTag) and leaf.tag not in _given_tags(quiz, before):
        what = f"no earlier answer gives the tag `{leaf.tag}`"
        yield Fault((*path, "tag"), what, nearest(leaf.tag, sorted(_given_tags(quiz, before))))
    if not isinstance(leaf, AnswerIs):
        return
    earlier = [question.id for question in quiz.questions[:before]]
    question = quiz.by_id.get(leaf.question)
    if question is None:
        yield Fault(
            (*path, "question"), f"unknown question `{leaf.question}`", nearest(leaf.question, earlier)
        )
    elif leaf.question not in earlier:
        what = f"`{leaf.question}` is asked later, its answer is not known here"
        yield Fault((*path, "question"), what, "ask about an earlier question, or move this one down")
    else:
        yield from _test(question, path, leaf)


def _given_tags(quiz: Quiz, before: int) -> set[str]:
    tags: set[str] = set()
    for question in quiz.questions[:before]:
        tags.update(question.tags)
        if isinstance(question, Choice | Several):
            tags.update(tag for option in question.options for tag in option.tags)
        elif isinstance(question, YesNo):
            tags.update((*question.yes.tags, *question.no.tags))
    return tags


def _test(question: AnyQuestion, path: Path, leaf: AnswerIs) -> Iterator[Fault]:
    key = "is" if leaf.is_ is not None else "in"
    if leaf.is_range and not isinstance(question, Scored | Several | Day):
        what = f"`{question.id}` has no size to compare"
        yield Fault(path, what, "use `is` or `in`; `at_least` fits numbers and several choices")
    if leaf.answered is not None or leaf.is_range:
        return
    if question.refusable and set(leaf.wanted) == {RATHER_NOT_SAY}:
        return
    if question.is_personal:
        what = f"the answer of `{question.id}` stands on the person's card only"
        yield Fault((*path, key), what, "ask `answered: true`")
        return
    known = _known_answers(question)
    for word in leaf.wanted if known is not None else ():
        if word not in (known or ()):
            yield Fault((*path, key), f"`{question.id}` has no answer `{word}`", nearest(word, known or ()))


def _known_answers(question: AnyQuestion) -> list[str] | None:
    if isinstance(question, YesNo):
        return ["yes", "no", RATHER_NOT_SAY] if question.refusable else ["yes", "no"]
    if isinstance(question, Optioned):
        own = ["other"] if question.other is not None else []
        refused = [RATHER_NOT_SAY] if question.refusable else []
        return [folded(option.id) for option in question.options] + own + refused
    return None


def _questions(quiz: Quiz) -> Iterator[Fault]:
    for place, question in enumerate(quiz.questions):
        path: Path = ("questions", place)
        if isinstance(question, Several) and not question.min <= question.most:
            yield Fault((*path, "min"), "more must be chosen than may be", "lower `min` or raise `max`")
        if isinstance(question, Number) and _between(question) is False:
            yield Fault((*path, "min"), "`min` is above `max`", "exchange them")
        if isinstance(question, Written) and question.regex is not None:
            fault = pattern_fault(question.regex)
            if fault:
                what, _, remedy = fault.partition("; ")
                yield Fault((*path, "regex"), f"the pattern cannot be used: {what}", remedy)
            if question.check is not None:
                yield Fault((*path, "regex"), "`check` and `regex` stand together", "keep one of them")
        yield from _keyboard(question, path)


def _between(question: Number) -> bool | None:
    if question.min is None or question.max is None:
        return None
    return question.min <= question.max


def _keyboard(question: AnyQuestion, path: Path) -> Iterator[Fault]:
    longest = [max(len(word.encode()) for word in label.wordings.values()) for _, label in _labels(question)]
    size = sum(longest) + PAYLOAD_BYTES * len(longest)
    if size > KEYBOARD_LIMIT:
        what = f"the buttons take {size} bytes, Telegram takes about {KEYBOARD_LIMIT}"
        yield Fault((*path, "options"), what, "shorten the labels or offer fewer options")


def _results(quiz: Quiz, files: pathlib.Path) -> Iterator[Fault]:
    *conditional, last = quiz.results
    if last.when is not None:
        what = "the last result has a condition: some people would get none"
        yield Fault(("results", len(conditional), "when"), what, "add a last result without `when`")
    for place, result in enumerate(conditional):
        if result.when is None:
            what = "no result after this one can be reached: it has no condition"
            yield Fault(("results", place), what, "give it a `when`, or move it to the end")
    for place, result in enumerate(quiz.results):
        if result.file is not None:
            for language, name in result.file.wordings.items():
                path: Path = ("results", place, "file", language) if language else ("results", place, "file")
                yield from _file(path, name, files)


def _file(path: Path, name: str, files: pathlib.Path) -> Iterator[Fault]:
    target = files / name
    if not target.resolve().is_relative_to(files.resolve()):
        yield Fault(
            path, f"`{name}` lies outside {files.name}/", "put the file into it and write its name only"
        )
    elif not target.is_file():
        there = sorted(one.name for one in files.glob("*")) if files.is_dir() else []
        remedy = nearest(name, there) if there else f"put it into {files.name}/ beside the quiz"
        yield Fault(path, f"there is no file `{name}` in {files.name}/", remedy)
    elif not target.stat().st_size:
        yield Fault(path, f"the file `{name}` is empty", "Telegram refuses empty files; fill it")
