"""Quiz files read: YAML to definitions, every problem as `file:line:column: what is wrong; remedy`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from core.quizzes.check import faults
from core.quizzes.check.chains import chain_faults
from core.quizzes.check.warnings import warnings
from core.quizzes.conditions import SHAPES
from core.quizzes.definition import Quiz
from core.quizzes.problems import Problem, QuizError, UnknownQuizError, nearest
from core.quizzes.questions import KINDS, QUESTION_KINDS
from core.quizzes.source import SIZE_LIMIT, TOLD_LIMIT, Source, read_source

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pydantic_core import ErrorDetails

_ID = re.compile(r"""id:\s*["']?([a-z][a-z0-9_]*)""")
FILES = "files"  # the folder beside the quizzes that holds what they promise


@dataclass(frozen=True, slots=True)
class Loaded:
    """A definition with the text it was read from; `hash` is the SHA-256 of the text."""

    quiz: Quiz
    text: str
    hash: str
    folder: Path

    def file(self, name: str | None) -> Path | None:
        """Return the path of a promised file, or None where it has gone since."""
        path = self.folder / FILES / name if name else None
        return path if path is not None and path.is_file() else None


@dataclass(frozen=True, slots=True)
class Library:
    """The quizzes of a folder by id, and the older versions met so far by hash."""

    folder: Path
    quizzes: dict[str, Loaded] = field(default_factory=dict)
    versions: dict[str, Loaded | None] = field(default_factory=dict)

    def quiz(self, quiz_id: str) -> Loaded:
        """Return a quiz of today. Raises UnknownQuizError."""
        if quiz_id not in self.quizzes:
            remedy = nearest(quiz_id, sorted(self.quizzes))
            raise UnknownQuizError(f"There is no quiz `{quiz_id}`; {remedy}")
        return self.quizzes[quiz_id]


def load_folder(folder: Path) -> Library:
    """Read every quiz of a folder. Raises QuizError with all problems of all files."""
    if not folder.is_dir():
        what, remedy = "there is no such folder", "set QUIZZES_DIR to the folder with your quiz files"
        raise QuizError([Problem(str(folder), 1, 1, what, remedy)])
    library, paths = _load(folder, quiz_files(folder))
    # a next quiz that is missing here may be one that an owner has switched on from his chat
    _link(library, paths, None)
    return library


def quiz_files(folder: Path) -> list[Path]:
    """Return the quiz files of a folder, by name."""
    files = sorted(path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    return [path for path in files if not path.name.startswith(".")]


def load_files(files: Sequence[Path]) -> Library:
    """Read quiz files together. Raises QuizError with all problems of all files."""
    library, paths = _load(files[0].parent if files else Path(), files)
    beside = {path for folder in {file.parent for file in files} for path in quiz_files(folder)}
    _link(library, paths, [_stated_id(path) for path in sorted(beside - set(files))])
    return library


def _link(library: Library, paths: dict[str, str], others: Sequence[str] | None) -> None:
    """Check which quiz goes on with which; `others` are quizzes beside these, None if any may be."""
    quizzes = {name: loaded.quiz for name, loaded in library.quizzes.items()}
    if others is None:
        others = [result.next or "" for quiz in quizzes.values() for result in quiz.results]
    problems = [
        read_source(library.quizzes[name].text, paths[name]).problem(fault.path, fault.what, fault.remedy)
        for name, fault in chain_faults(quizzes, others)
    ]
    if problems:
        raise QuizError(problems)


def _stated_id(path: Path) -> str:
    """Return the id a file gives itself, without reading it whole."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as lines:
            found = (_ID.match(line) for line in islice(lines, 200))
            return next((match[1] for match in found if match), "")
    except OSError:
        return ""


def _load(folder: Path, files: Sequence[Path]) -> tuple[Library, dict[str, str]]:
    library, problems, paths = Library(folder), list[Problem](), dict[str, str]()
    for path in files:
        try:
            loaded = load_file(path)
        except QuizError as error:
            problems += error.problems
            continue
        if loaded.quiz.id in library.quizzes:
            what = f"the quiz id `{loaded.quiz.id}` is taken by another file"
            problems.append(Problem(str(path), 1, 1, what, "give this quiz an id of its own"))
        library.quizzes[loaded.quiz.id] = loaded
        library.versions[loaded.hash] = loaded
        paths[loaded.quiz.id] = str(path)
    if problems:
        raise QuizError(problems)
    return library, paths


def told_warnings(
    loaded: Loaded, file: str, tags_used: Collection[str] = (), segments: Collection[str] | None = None
) -> list[Problem]:
    """Return what may be a mistake in a quiz that is in order: `tags_used` by segments, and these."""
    found = list(warnings(loaded.quiz, tags_used, segments))
    source = read_source(loaded.text, file) if found else None
    return sorted({source.problem(one.path, one.what, one.remedy) for one in found}) if source else []


def load_file(path: Path) -> Loaded:
    """Read one quiz file. Raises QuizError with all its problems."""
    return load_text(text_of(path), str(path), path.parent)


def load_text(text: str, file: str, folder: Path, *, without_files: bool = False) -> Loaded:
    """Read a quiz from its text; promised files are looked for in `folder`/files, or may come yet."""
    source = read_source(text, file)
    quiz = _validated(source)
    found = faults(quiz, None if without_files else folder / FILES)
    if found:
        raise QuizError(source.problem(fault.path, fault.what, fault.remedy) for fault in found)
    return _loaded(quiz, text, folder)


def load_stored(text: str, folder: Path) -> Loaded:
    """Read a version people have begun: its shape is checked, today's files and texts are not asked."""
    return _loaded(_validated(read_source(text, "quiz_versions")), text, folder)


def _loaded(quiz: Quiz, text: str, folder: Path) -> Loaded:
    return Loaded(quiz, text, hashlib.sha256(text.encode()).hexdigest(), folder)


def text_of(path: Path) -> str:
    """Return the text of a quiz file. Raises QuizError where it cannot be read."""
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise QuizError([Problem(str(path), 1, 1, "the file is larger than 1 MB", "split the quiz")])
        raw = path.read_bytes()
    except OSError as error:
        what = f"the file cannot be read ({error.strerror})"
        raise QuizError([Problem(str(path), 1, 1, what, "check its name and its rights")]) from None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        what, remedy = "the file is not in UTF-8", "save it as UTF-8 in your editor"
        raise QuizError([Problem(str(path), line, column, what, remedy)]) from None


def _validated(source: Source) -> Quiz:
    if not isinstance(source.data, dict):
        raise QuizError(
            [source.problem((), "this is not a quiz", "begin with `id:`, `title:`, `questions:`")]
        )
    try:
        return Quiz.model_validate(source.data)
    except ValidationError as error:
        raise QuizError(_problem(source, one) for one in _told(error)) from None
    except RecursionError:
        raise QuizError([source.problem((), "a condition is nested too deep", "make it shorter")]) from None


def _told(error: ValidationError) -> list[ErrorDetails]:
    """Return the errors without echoes: a list is not too short because its parts are wrong."""
    errors = error.errors(include_url=False)
    deep = {one["loc"][:size] for one in errors for size in range(len(one["loc"]))}
    told = [one for one in errors if one["type"] != "too_short" or one["loc"] not in deep]
    return told[:TOLD_LIMIT]


def _problem(source: Source, error: ErrorDetails) -> Problem:
    """Translate one error of pydantic: its place, and a sentence with a remedy."""
    path = tuple(part for part in error["loc"] if not str(part).startswith(("kind:", "if:")))
    key, given = str(path[-1]) if path else "", error["input"]
    if key == "[key]":  # of a wording or a named scale: the mistake is in the key itself
        path, key = (*path[:-1], ""), str(given)
    match error["type"]:
        case "extra_forbidden":
            return source.problem((*path, ""), f"unknown key `{key}`", _known_key(key, error["loc"][:-1]))
        case "union_tag_invalid":
            return _wrong_tag(source, path, given)
        case "value_error":
            what, _, remedy = str(error["ctx"]["error"]).partition("; ")
            return source.problem(path, what, remedy)
    return source.problem(path, *_told_by_type(key, given, error))


def _told_by_type(key: str, given: Any, error: ErrorDetails) -> tuple[str, str]:
    """Return what is wrong and the remedy, for what pydantic finds by itself."""
    told = {
        "missing": (f"`{key}` is missing", f"add `{key}: …` here"),
        "string_type": (f"`{key}` should be a text, not {given!r}", "put it into quotes"),
        "model_type": (f"`{key}` has keys of its own", "write keys below it, e.g. `text: …`"),
        "dict_type": (f"`{key}` has keys of its own", "write keys below it, e.g. `name: …`"),
        "none_required": (f"`{key}` has no meaning here", "remove it"),
    }
    if error["type"] == "string_pattern_mismatch":
        if key == "url":
            return f"`{given}` is no link", "write https://…"
        most = 16 if key == "purpose" else 32
        remedy = f"use small Latin letters, digits and _, a letter first, at most {most} characters"
        return f"`{given}` cannot be an id", remedy
    if error["type"] == "too_short":
        return f"`{key}` has too few parts", f"give at least {error['ctx']['min_length']}"
    if error["type"] == "too_long":
        return f"`{key}` has too many parts", f"leave at most {error['ctx']['max_length']}"
    return told.get(error["type"], (f"`{key}` does not fit: {error['msg']}", f"change {_short(given)}"))


def _known_key(key: str, loc: tuple[str | int, ...]) -> str:
    return nearest(key, [name.removesuffix("_") for name in _model(loc).model_fields])


def _wrong_tag(source: Source, path: tuple[str | int, ...], given: Any) -> Problem:
    if {"when", "finish_when"} & set(path):
        remedy = "write e.g. {question: role, is: owner}, or one of " + ", ".join(SHAPES)
        return source.problem(path, "this is not a condition", remedy)
    if not isinstance(given, dict):
        return source.problem(
            path, "this is not a question", "write `- id: …` with `kind:` and `text:` below"
        )
    if "kind" not in given:
        return source.problem(path, "`kind` is missing", "add `kind:` " + ", ".join(KINDS))
    kind = str(given["kind"])
    return source.problem((*path, "kind"), f"unknown kind `{kind}`", nearest(kind, KINDS))


def _model(loc: tuple[str | int, ...]) -> type[BaseModel]:
    """Return the model an unknown key was found in, for the words it knows."""
    model: type[BaseModel] = Quiz
    for part in map(str, loc):
        if part.startswith("kind:"):
            model = QUESTION_KINDS[part.removeprefix("kind:")]
        elif part.startswith("if:"):
            model = SHAPES[part.removeprefix("if:")]
        else:
            fields = model.model_fields.items()
            below = (_inner(field.annotation) for name, field in fields if part in (name, field.alias))
            model = next(below, None) or model
    return model


def _inner(annotation: Any) -> type[BaseModel] | None:
    """Return the first model in an annotation: `Text` of `Text | None`, `Option` of `tuple[Option, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_inner, get_args(annotation))), None)


def _short(given: Any) -> str:
    text = repr(given)
    return text if len(text) <= 40 else text[:39] + "…"
