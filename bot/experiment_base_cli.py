"""`kvizor experiment show | list | rest`: the experiments of the base from the terminal."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.experiment_cli import Json, Language, voice

app = typer.Typer()


@app.command()
def show(campaign: int, language: Language = None, as_json: Json = False) -> None:
    """Where an experiment stands; each look is counted and spends a part of the error allowed."""
    from bot.database import opened
    from bot.experiment_report import report_json, report_lines
    from core import clock
    from core.mailing.experiments import looking

    with opened() as (db, settings):
        found = looking.look(db, campaign, clock.now())
        if as_json:
            typer.echo(json.dumps(report_json(found), ensure_ascii=False))
            return
        lines = report_lines(voice(language), found, settings.zone, settings.currency)
    typer.echo("\n".join(lines))


@app.command("list")
def list_(language: Language = None, as_json: Json = False) -> None:
    """Past experiments, the newest first, and what to try next."""
    from bot.database import opened
    from bot.experiment_report import changes, journal_json, outcome
    from core.mailing.experiments import journal

    with opened() as (db, _):
        found = db.read_now(journal.past)
    if as_json:
        typer.echo(json.dumps([journal_json(one) for one in found], ensure_ascii=False))
        return
    say = voice(language)
    for one in found:
        what = f"{changes(say, one.changes)}; {say(f'experiment-goal-{one.goal}')}"
        typer.echo(f"{one.campaign_id:>6}  {one.name}: {what} — {outcome(say, one)}")
    if not found:
        typer.echo(say("experiment-journal-empty"))
    typer.echo(say(f"experiment-next-{journal.suggestion(found)}"))


@app.command()
def earned(
    days: Annotated[int, typer.Option(min=1, max=3660, help="letters that began within so many days")] = 90,
    language: Language = None,
    as_json: Json = False,
) -> None:
    """What the mailings earned, against those who are held out of all of them."""
    from datetime import timedelta

    from bot.database import opened
    from bot.experiment_report import earned_json, earned_lines
    from core import clock
    from core.mailing.experiments import earned as effects

    now = clock.now()
    with opened() as (db, settings):
        found = db.read_now(effects.earned, now - timedelta(days=days), now)
    if as_json:
        typer.echo(json.dumps(None if found is None else earned_json(found)))
        return
    typer.echo("\n".join(earned_lines(voice(language), found, settings.zone, settings.currency)))


@app.command()
def rest(
    campaign: int,
    variant: Annotated[str | None, typer.Option(help="A, B, …; default: the winner")] = None,
    language: Language = None,
) -> None:
    """Send the winner, or a variant of your choice, to the rest of the audience that waits for it."""
    from bot.database import opened
    from core import clock
    from core.mailing.experiments import looking
    from core.mailing.experiments.verdict import LETTERS

    with opened() as (db, _):
        found = looking.look(db, campaign, clock.now())
        arm = found.verdict.winner if found.verdict is not None else None
        if variant is not None:
            arm = LETTERS.find(variant.strip().upper()) if len(variant.strip()) == 1 else -1
            if not 0 <= arm < len(found.shares):
                raise typer.BadParameter(f"one of {', '.join(LETTERS[: len(found.shares)])}")
        if arm is None:
            raise typer.BadParameter("there is no winner; choose one: --variant A", param_hint="--variant")
        db.write_now(looking.send_rest, campaign, arm, clock.now())
    typer.echo(voice(language)("experiment-rest-begun", name=LETTERS[arm]))
