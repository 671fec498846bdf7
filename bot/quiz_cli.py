"""Commands about quiz files: check, show, replay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from core.quizzes.counts import Counts
    from core.quizzes.definition import Quiz
    from core.quizzes.loader import Library
    from core.quizzes.problems import Problem

P = ParamSpec("P")
R = TypeVar("R")

app = typer.Typer(help="Quiz files: checked, shown, replayed.", no_args_is_help=True)
Files = Annotated[list[Path], typer.Argument(help="quiz files or folders of them", show_default=False)]
QuizFile = Annotated[Path, typer.Argument(help="a quiz file (YAML)", show_default=False)]
Answers = Annotated[Path, typer.Argument(help="JSON: {question id: answer}", show_default=False)]
Seed = Annotated[int, typer.Option(min=0, max=2**31 - 1, help="of a random order; 0 is the file's")]
AsJson = Annotated[bool, typer.Option("--json", help="for scripts")]
Strict = Annotated[bool, typer.Option("--strict", help="warnings are errors")]
Out = Annotated[Path | None, typer.Option("--out", help="draw the graph into this .png or .svg")]
Language = Annotated[str | None, typer.Option("--language", help="of the picture; default: the quiz's first")]
WithPeople = Annotated[bool, typer.Option("--people", help="with counts from the database of DATABASE_URL")]
WithBase = Annotated[bool, typer.Option("--people", help="ask the database for segments, too")]


@app.command()
def check(files: Files, as_json: AsJson = False, strict: Strict = False, people: WithBase = False) -> None:
    """Check quiz files; every problem is told as file:line:col: what is wrong; remedy. Warnings come last."""
    from core.quizzes.loader import load_files
    from core.quizzes.problems import QuizError

    try:
        paths = _loaded(_files, files)
        library = load_files(paths)
    except QuizError as error:
        _tell(error.problems, (), as_json=as_json)
        raise typer.Exit(1) from None
    found = _warnings(library, paths, people=people)
    _tell((), found, as_json=as_json, is_ok=not (found and strict))
    if not as_json:
        for quiz_id, loaded in sorted(library.quizzes.items()):
            quiz = loaded.quiz
            typer.echo(f"{quiz_id}: {len(quiz.questions)} questions, {len(quiz.results)} results, in order")
    if found and strict:
        raise typer.Exit(1)


@app.command()
def show(
    file: QuizFile,
    people: WithPeople = False,
    as_json: AsJson = False,
    out: Out = None,
    language: Language = None,
) -> None:
    """Show a quiz as a tree or a picture: questions, branches, results; with --people who went which way."""
    from core.quizzes.loader import load_file
    from core.quizzes.show import tree

    quiz = _loaded(load_file, file).quiz
    counts = _counts(quiz) if people else None
    if out is not None:
        _loaded(_draw, quiz, counts, out, language)
        typer.echo(f"{out}: {quiz.id}, {len(quiz.questions)} questions", err=as_json)
    if as_json:
        found = {"quiz": quiz.model_dump(mode="json", by_alias=True, exclude_none=True)}
        _print(found | ({"people": _people(counts)} if counts is not None else {}))
    elif out is None:
        typer.echo(tree(quiz, counts))


@app.command()
def replay(file: QuizFile, answers: Answers, as_json: AsJson = False, seed: Seed = 0) -> None:
    """Walk a quiz with a file of answers: path, score, tags, attributes, result, segment."""
    from dataclasses import asdict

    from core.quizzes.loader import load_file
    from core.quizzes.replay import read_answers
    from core.quizzes.replay import replay as walked

    quiz, given = _loaded(load_file, file).quiz, _loaded(read_answers, answers)
    found = asdict(_loaded(walked, quiz, given, seed=seed))
    if as_json:
        _print(found)
        return
    for name, value in found.items():
        typer.echo(f"{name}: {_worded(value)}")


def _files(given: list[Path]) -> list[Path]:
    """Return the files named, those of a folder for the folder. Raises KvizorError for an empty one."""
    from core.errors import KvizorError
    from core.quizzes.loader import quiz_files

    found = []
    for path in given:
        inside = quiz_files(path) if path.is_dir() else [path]
        if not inside:
            raise KvizorError(f"{path}: there is no quiz in this folder; its files end in .yaml")
        found += inside
    return found


def _warnings(library: Library, paths: list[Path], *, people: bool) -> list[Problem]:
    from core.quizzes.loader import told_warnings

    tags, segments = _loaded(_asked_of_database) if people else (_asked_of_presets(), None)
    named = {loaded.hash: loaded for loaded in library.quizzes.values()}
    files = dict(zip(named, paths, strict=True))
    return [
        problem
        for key, loaded in named.items()
        for problem in told_warnings(loaded, str(files[key]), tags, segments)
    ]


def _asked_of_presets() -> frozenset[str]:
    """Return the tags that shipped segments use; the owner's own ones stand in his database."""
    from core.segments.presets import shipped
    from core.segments.tags import tags_in

    return tags_in(preset.rule for preset in shipped())


def _asked_of_database() -> tuple[frozenset[str], frozenset[str]]:
    """Return the tags that segments of the database use, and their names."""
    from bot.database import opened
    from core.segments.tags import tags_asked

    with opened() as (database, _):
        return database.read_now(tags_asked)


def _draw(quiz: Quiz, counts: Counts | None, out: Path, language: str | None) -> None:
    """Write the picture. Raises KvizorError for a form or a place that cannot be."""
    from core.errors import KvizorError
    from core.quizzes.graph import graph
    from core.reports.quiz_chart import quiz_chart

    form = out.suffix.removeprefix(".").lower()
    if form not in ("png", "svg"):
        raise KvizorError(f"{out}: a picture is .png or .svg; name it so")
    try:
        out.write_bytes(quiz_chart(graph(quiz, counts, language), "png" if form == "png" else "svg"))
    except OSError as error:
        raise KvizorError(f"{out}: cannot be written ({error.strerror}); choose another place") from None


def _loaded(verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Return what a verb gives; what the marketer can mend goes to stderr, exit code 1."""
    from core.errors import KvizorError

    try:
        return verb(*args, **kwargs)
    except KvizorError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _counts(quiz: Quiz) -> Counts:
    from bot.database import opened
    from core import clock
    from core.quizzes.counts import count

    with opened() as (database, _):
        return database.read_now(count, quiz, clock.now())


def _people(counts: Counts) -> dict[str, object]:
    from dataclasses import asdict

    ways = [
        {"from": source, "to": to or None, "people": n} for (source, to), n in sorted(counts.gone.items())
    ]
    return asdict(counts) | {"gone": ways}


def _tell(
    errors: Iterable[Problem], warnings: Iterable[Problem], *, as_json: bool, is_ok: bool = False
) -> None:
    from dataclasses import asdict

    errors, warnings = list(errors), list(warnings)
    if as_json:
        told = {"problems": [asdict(one) for one in errors], "warnings": [asdict(one) for one in warnings]}
        _print({"ok": is_ok, **told})
    for problem in errors:
        typer.echo(str(problem), err=True)
    for problem in warnings:
        place = f"{problem.file}:{problem.line}:{problem.column}"
        typer.echo(f"{place}: warning: {problem.what}; {problem.remedy}", err=True)


def _print(value: object) -> None:
    import json

    typer.echo(json.dumps(value, ensure_ascii=False))


def _worded(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {one}" for key, one in value.items()) or "none"
    return "none" if value is None else str(value)
