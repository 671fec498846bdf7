"""`kvizor experiment …`: plan and judge an experiment on plain numbers, check the machinery on the base."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import experiment_numbers as numbers

if TYPE_CHECKING:
    from bot.texts import Say

app = typer.Typer(help="Which letter does better: plan it, judge it.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="for scripts")]
Language = Annotated[str | None, typer.Option(help="ru or en; default: LANGUAGE")]
Alpha = Annotated[float, typer.Option(help="how often a false winner may be announced")]


def voice(language: str | None) -> Say:
    """Return the voice of a language, or of the settings."""
    from bot.texts import LANGUAGES, part
    from core import settings

    chosen = next((one for one in LANGUAGES if one == language), None)
    if language is not None and chosen is None:
        raise typer.BadParameter("ru or en", param_hint="--language")
    return part(chosen or settings.load().language, "experiments")


@app.command()
def plan(
    base: Annotated[str, typer.Option(help="how many reach the goal as it is, e.g. 4% or 0.04")],
    lift: Annotated[
        str | None, typer.Option(help="the rise worth seeing, in points (1%) or times (x1.25)")
    ] = None,
    people: Annotated[int | None, typer.Option(help="how many people there are in all")] = None,
    power: Annotated[float, typer.Option(help="how often a true rise is to be seen")] = 0.8,
    alpha: Alpha = 0.05,
    variants: Annotated[int, typer.Option(help="how many letters are compared, 2 to 6")] = 2,
    language: Language = None,
    as_json: Json = False,
) -> None:
    """How many people a rise needs, or which rise these people can show: before the launch."""
    from bot.experiment_words import plan_lines
    from core.mailing.experiments import plan as plans

    if lift is None and people is None:
        raise typer.BadParameter("name --lift 1% (how many people?) or --people 3000 (which rise?), or both")
    terms = plans.Terms(numbers.rate(base, "--base"), variants, alpha, power)
    plans.check(terms)
    rise = None if lift is None else numbers.lift(lift, terms.base)
    found = plans.plan(terms, rise, people)
    if as_json:
        typer.echo(json.dumps(numbers.plan_json(found)))
        return
    for line in plan_lines(voice(language), found):
        typer.echo(line)


@app.command()
def judge(
    visitors: Annotated[str | None, typer.Option(help="people in each part: 1000,1010")] = None,
    successes: Annotated[str | None, typer.Option(help="how many reached the goal: 52,71")] = None,
    a: Annotated[str | None, typer.Option("--a", help="part A as reached/people: 52/1000")] = None,
    b: Annotated[str | None, typer.Option("--b", help="part B as reached/people: 71/1010")] = None,
    planned: Annotated[str | None, typer.Option(help="planned shares, checked: 50,50")] = None,
    look: Annotated[str | None, typer.Option(help="which look of how many: 2/5, or 2 with --of 5")] = None,
    of: Annotated[int | None, typer.Option(help="how many looks are planned")] = None,
    information: Annotated[
        str | None, typer.Option(help="shares of the planned people at each look so far: 0.2,0.4")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="CSV case,n_a,x_a,n_b,x_b[,planned_a,planned_b]", exists=True)
    ] = None,
    to: Annotated[Path | None, typer.Option(help="CSV to write: case,p_value,decision,ci_lo,ci_hi")] = None,
    alpha: Alpha = 0.05,
    language: Language = None,
    as_json: Json = False,
) -> None:
    """Who is better, if anybody: one experiment in numbers, or a table of them."""
    looks = numbers.looks(look, of, information)
    if file is not None:
        _judge_file(file, to, looks, alpha, language, as_json=as_json)
        return
    from bot.experiment_words import verdict_lines
    from core.mailing.experiments import verdict

    arms = numbers.arms(visitors, successes, a, b)
    shares = None if planned is None else numbers.shares(planned, len(arms))
    found = verdict.judge(arms, planned=shares, looks=looks, alpha=alpha)
    if as_json:
        typer.echo(json.dumps(numbers.verdict_json(found)))
        return
    say = voice(language)
    for line in verdict_lines(say, found, shares):
        typer.echo(line)
    if shares is None and numbers.looks_uneven(found):
        typer.echo(say("experiment-uneven", people=" / ".join(str(arm.people) for arm in arms)))


def _judge_file(
    file: Path, to: Path | None, looks: list[float], alpha: float, language: str | None, *, as_json: bool
) -> None:
    from collections import Counter

    from bot.score_report import write
    from core.mailing.experiments import cases

    found = cases.read_cases(file, looks, alpha)
    rows = [case.cells() for case in found]
    write(to, cases.HEADER, rows)
    if as_json:
        typer.echo(json.dumps([dict(zip(cases.HEADER, row, strict=True)) for row in rows]))
        return
    for case in found:
        if case.verdict is None:
            typer.echo(f"{case.name}: nobody is in one of the parts, nothing to compare.", err=True)
    if to is None:
        typer.echo("\n".join(",".join(row) for row in (cases.HEADER, *rows)))
        return
    counts = Counter(row[2] for row in rows)
    sums = {name.lower(): counts[name] for name in ("A", "B", "none", "srm")}
    typer.echo(voice(language)("experiment-case-count", count=len(rows), file=str(to), **sums))


@app.command()
def selfcheck(
    days: Annotated[int, typer.Option(min=1, max=3660, help="the goal: seen within so many days")] = 30,
    bought: Annotated[bool, typer.Option("--bought", help="the goal: bought within these days")] = False,
    people: Annotated[
        Path | None, typer.Option(help="CSV id,reached (0 or 1) instead of the base", exists=True)
    ] = None,
    times: Annotated[int, typer.Option(min=20, max=10_000, help="how many splits")] = 500,
    language: Language = None,
    as_json: Json = False,
) -> None:
    """The same letter against itself, many times: a winner must hardly ever be announced."""
    from bot.experiment_words import checked_lines
    from core.mailing.experiments import selfcheck as checks

    if people is not None:
        numbers_, reached = checks.read_people(people)
    else:
        numbers_, reached = _of_base(days, bought=bought)
    found = checks.check(numbers_, reached, times)
    if as_json:
        typer.echo(json.dumps(numbers.checked_json(found)))
    else:
        for line in checked_lines(voice(language), found):
            typer.echo(line)
    raise typer.Exit(0 if found.is_sound else 1)


def _of_base(days: int, *, bought: bool) -> tuple[Any, Any]:
    from datetime import timedelta

    from bot.database import opened
    from core import clock
    from core.mailing.experiments.selfcheck import people_of_base

    with opened() as (db, _):
        return db.read_now(people_of_base, clock.now() - timedelta(days=days), bought=bought)
