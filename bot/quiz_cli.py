"""Commands about quiz files: check, show, replay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.quizzes.problems import Problem
    from core.quizzes.show import Counts

P = ParamSpec("P")
R = TypeVar("R")

app = typer.Typer(help="Quiz files: checked, shown, replayed.", no_args_is_help=True)
Files = Annotated[list[Path], typer.Argument(help="quiz files (YAML)", show_default=False)]
QuizFile = Annotated[Path, typer.Argument(help="a quiz file (YAML)", show_default=False)]
Answers = Annotated[Path, typer.Argument(help="JSON: {question id: answer}", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="for scripts")]
WithPeople = Annotated[bool, typer.Option("--people", help="with counts from the database of DATABASE_URL")]


@app.command()
def check(files: Files, as_json: AsJson = False) -> None:
    """Check quiz files; every problem is told as file:line:column: what is wrong; remedy."""
    from core.quizzes.loader import load_files
    from core.quizzes.problems import QuizError

    try:
        library = load_files(files)
    except QuizError as error:
        if as_json:
            _print({"ok": False, "problems": [_fields(problem) for problem in error.problems]})
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    if as_json:
        _print({"ok": True, "problems": []})
        return
    for quiz_id, loaded in sorted(library.quizzes.items()):
        quiz = loaded.quiz
        typer.echo(f"{quiz_id}: {len(quiz.questions)} questions, {len(quiz.results)} results, in order")


@app.command()
def show(file: QuizFile, people: WithPeople = False, as_json: AsJson = False) -> None:
    """Show a quiz as a tree: questions, branches, results; with --people how many chose what."""
    from dataclasses import asdict

    from core.quizzes.loader import load_file
    from core.quizzes.show import tree

    quiz = _loaded(load_file, file).quiz
    counts = _counts(quiz.id) if people else None
    if as_json:
        found = {"quiz": quiz.model_dump(mode="json", by_alias=True, exclude_none=True)}
        _print(found | ({"people": asdict(counts)} if counts is not None else {}))
    else:
        typer.echo(tree(quiz, counts))


@app.command()
def replay(file: QuizFile, answers: Answers, as_json: AsJson = False) -> None:
    """Walk a quiz with a file of answers: path, score, tags, attributes, result, segment."""
    from dataclasses import asdict

    from core.quizzes.loader import load_file
    from core.quizzes.replay import read_answers
    from core.quizzes.replay import replay as walked

    found = asdict(_loaded(walked, _loaded(load_file, file).quiz, _loaded(read_answers, answers)))
    if as_json:
        _print(found)
        return
    for name, value in found.items():
        typer.echo(f"{name}: {_worded(value)}")


def _loaded(verb: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Return what a verb gives; what the marketer can mend goes to stderr, exit code 1."""
    from core.errors import KvizorError

    try:
        return verb(*args, **kwargs)
    except KvizorError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _counts(quiz_id: str) -> Counts:
    from bot.database import opened
    from core.quizzes.show import count

    with opened() as (database, _):
        return database.read_now(count, quiz_id)


def _fields(problem: Problem) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(problem)


def _print(value: object) -> None:
    import json

    typer.echo(json.dumps(value, ensure_ascii=False))


def _worded(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} = {one}" for key, one in value.items()) or "none"
    return "none" if value is None else str(value)
