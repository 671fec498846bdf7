"""`kvizor funnel`: reports from the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from core.reports.funnel import Funnel, SourceLine, Step

Json = Annotated[bool, typer.Option("--json", help="for scripts")]
Days = Annotated[int, typer.Option(min=0, max=3660, help="people who first opened in so many days; 0: all")]
Source = Annotated[
    str | None, typer.Option(help="one source as its link names it; '': people without a link")
]


def funnel(
    quiz: Annotated[str | None, typer.Option(help="default: ENTRY_QUIZ")] = None,
    days: Days = 30,
    source: Source = None,
    picture: Annotated[Path | None, typer.Option(help="write the picture, a PNG, here")] = None,
    as_json: Json = False,
) -> None:
    """Where people leave: opened, consent, quiz begun, each question, finished, file taken."""
    from bot.database import opened
    from core import clock
    from core.quizzes import library_changes
    from core.quizzes.loader import load_folder
    from core.reports.funnel import funnel as count

    with opened() as (db, settings):
        library = load_folder(settings.quizzes_dir)
        db.read_now(library_changes.apply, library)  # what owners have switched on is what people answer
        chosen = library.quiz(quiz or settings.entry_quiz).quiz
        found = count(db, chosen, clock.now(), days)
        language = settings.language
    if picture is not None:
        from bot.admin import funnel_views as views
        from bot.texts import Texts
        from bot.written import write_file
        from core.reports.charts_funnel import funnel_chart

        say, steps = Texts()[language], found.steps(source)
        about = views.subtitle(say, chosen, found, source)
        write_file(picture, funnel_chart(views.bars(say, chosen, steps), about, language))
    if as_json:
        typer.echo(json.dumps(_fields(found, source), ensure_ascii=False))
        return
    _print(found, source)


def _print(found: Funnel, source: str | None) -> None:
    from core.reports.funnel import weakest

    typer.echo(f"{'came':>9} {'went on':>9} {'':>5}  step")
    steps = found.steps(source)
    for step in steps:
        rate = "" if step.share.rate is None else f"{step.share.rate:.0%}"
        some = " (asked of some)" if step.only_some else ""
        typer.echo(f"{step.came:>9} {step.passed:>9} {rate:>5}  {step.question or step.kind}{some}")
    worst = weakest(steps)
    if worst is not None:
        typer.echo(f"Most people leave at {worst.question or worst.kind}: {worst.lost} of {worst.came}.")
    if source is None:
        for line in found.sources:
            typer.echo(f"{line.opened:>9} {line.finished:>9} {'':>5}  from {line.name or 'no link'}")


def _fields(found: Funnel, source: str | None) -> dict[str, Any]:
    return {
        "quiz": found.quiz,
        "days": found.days,
        "seconds": round(found.seconds, 3),
        "steps": [_step(step) for step in found.steps(source)],
        "sources": [_source(line) for line in found.sources],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "step": step.question or step.kind,
        "came": step.came,
        "went_on": step.passed,
        "skipped": step.skipped,
        "waiting": step.waiting,
        "lost": step.lost,
        "interval": step.share.interval,
        "only_some": step.only_some,
        "few": step.share.is_few,
    }


def _source(line: SourceLine) -> dict[str, Any]:
    return {
        "source": line.name,
        "opened": line.opened,
        "consent": line.consented,
        "begun": line.begun,
        "finished": line.finished,
        "file": line.filed,
        "few": line.shares[0].is_few,
    }
