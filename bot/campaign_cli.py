"""`kvizor campaign …` and `kvizor playbook …`: mailing from the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import campaign_change_cli, campaign_send_cli

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.mailing.playbooks.likeness import Report

app = typer.Typer(help="Campaigns: sent from files, watched, stopped.", no_args_is_help=True)
playbook_app = typer.Typer(help="Ready-made conversations.", no_args_is_help=True)
app.command("send")(campaign_send_cli.send)
app.command("edit")(campaign_change_cli.edit)
app.command("recall")(campaign_change_cli.recall)
Json = Annotated[bool, typer.Option("--json", help="for scripts")]


@app.callback()
def _campaign() -> None:
    """Campaigns: sent from files, watched, stopped."""


@app.command()
def status(
    campaign: int,
    split: Annotated[
        bool, typer.Option("--kinds", help="readers, customers… among those who got it")
    ] = False,
    as_json: Json = False,
) -> None:
    """Audience = sent + failed + suppressed + expired + unknown + pending, always."""
    from dataclasses import asdict

    from bot.database import opened
    from core import clock
    from core.mailing import campaigns
    from core.reports import kinds

    with opened() as (db, _):
        totals = asdict(db.read_now(campaigns.status, campaign).totals)
        got = db.read_now(kinds.of_recipients, campaign, clock.now()) if split else {}
    resent, reasons = totals.pop("resent"), totals.pop("reasons")
    if as_json:
        typer.echo(
            json.dumps(
                {**totals, "reasons": reasons, **({"kinds": got} if split else {})}, ensure_ascii=False
            )
        )
        return
    for name, value in totals.items():
        typer.echo(f"{name:<12} {value}")
    for name, value in reasons.items():
        typer.echo(f"  {name}: {value}")
    if resent:
        typer.echo(f"sent once more, outside the sum: {resent}")
    for kind, count in got.items():
        typer.echo(f"sent to: {kind} {count}")


@app.command("list")
def list_campaigns(as_json: Json = False) -> None:
    """Every campaign's number, name and state, the newest last."""
    from sqlalchemy import select

    from bot.database import opened
    from core.mailing.models import Campaign

    query = select(Campaign.id, Campaign.name, Campaign.state, Campaign.act).order_by(Campaign.id)
    with opened() as (db, _):
        found = db.read_now(lambda session: session.execute(query).all())
    rows = [
        {"id": number, "name": name if act == "send" else f"{name} ({act})", "state": state}
        for number, name, state, act in found
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['id']:>6}  {row['state']:<10} {row['name']}")


@app.command()
def resend(
    campaign: int,
    unknown: Annotated[bool, typer.Option("--unknown", help="of whom nothing is known (usual)")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="not delivered, and can be by now")] = False,
    as_json: Json = False,
) -> None:
    """Send once more: to those of whom nothing is known (some may get it twice), or whom it failed for."""
    from bot.database import opened
    from core import clock
    from core.db import CHUNK
    from core.mailing import campaigns
    from core.mailing.ledger import State

    states = [state for state, asked in ((State.UNKNOWN, unknown), (State.FAILED, failed)) if asked]
    counts = dict.fromkeys(states or [State.UNKNOWN], 0)
    with opened() as (db, _):
        db.read_now(campaigns.status_of, campaign)
        for state in counts:
            while more := db.write_now(campaigns.resend, campaign, state, clock.now(), CHUNK):
                counts[state] += more
    if as_json:
        typer.echo(json.dumps({"id": campaign, **{state.value: count for state, count in counts.items()}}))
        return
    if State.UNKNOWN in counts:
        _tell_resent(campaign, counts[State.UNKNOWN])
    if State.FAILED in counts:
        typer.echo(f"Letters that failed, to be tried again: {counts[State.FAILED]}.")


def _tell_resent(campaign: int, count: int) -> None:
    if not count:
        typer.echo(f"Nobody is left of whom campaign {campaign} knows nothing.")
        return
    typer.echo(f"Letters to be sent again: {count}; some of these people may get theirs twice.")


@app.command()
def resume(campaign: int) -> None:
    """Go on with a paused campaign; nobody who was written to is written to again."""
    from bot.database import opened
    from core.mailing import campaigns

    with opened() as (db, _):
        db.write_now(campaigns.resume, campaign)
    typer.echo(f"Campaign {campaign} goes on.")


@app.command()
def pause(campaign: int) -> None:
    """Start no more letters of a campaign; those under way end by themselves."""
    from bot.database import opened
    from core.mailing import campaigns

    with opened() as (db, _):
        db.write_now(campaigns.pause, campaign)
    typer.echo(f"Campaign {campaign} is paused; `kvizor campaign resume {campaign}` goes on.")


@app.command()
def cancel(campaign: int) -> None:
    """End a campaign for good; whoever was not written to yet is not written to."""
    from bot.database import opened
    from core import clock
    from core.mailing import audiences, campaigns

    with opened() as (db, _):
        now = clock.now()
        db.write_now(campaigns.cancel, campaign, now)
        audiences.close_cancelled(db, now)
    typer.echo(f"Campaign {campaign} is cancelled.")


@playbook_app.command("list")
def list_(as_json: Json = False) -> None:
    """What ships, and what is on."""
    from bot.database import opened
    from core.mailing import playbooks

    with opened() as (db, settings):
        found = db.read_now(playbooks.list_)
        rows = [{"name": one.name, "title": one.title[settings.language], "on": one.is_on} for one in found]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{'on ' if row['on'] else 'off'}  {row['name']:<20} {row['title']}")


@playbook_app.command("check")
def check_texts(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="YAML; all that ship without any")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read playbooks: each letter can be sent, stands in both languages, and is no other one over again."""
    from dataclasses import asdict

    from core.mailing.playbooks import likeness

    report = likeness.check(files or ())
    if as_json:
        typer.echo(json.dumps({"ok": not report.faults, **asdict(report)}, ensure_ascii=False))
    else:
        for line in (*report.faults, *_summary(report)):
            typer.echo(line)
    if report.faults:
        raise typer.Exit(1)


def _summary(report: Report) -> Iterator[str]:
    state = "mend the above" if report.faults else "in order"
    yield f"{report.letters} texts in {report.files} files: {state}."
    near = report.closest
    if near is not None:
        yield f"The closest two: {near.one} and {near.other} ({near.language}), {near.share:.0%} alike."


@playbook_app.command()
def on(name: str) -> None:
    """Switch a playbook on."""
    from bot.database import opened
    from core import clock
    from core.mailing import playbooks

    with opened() as (db, settings):
        db.write_now(playbooks.switch_on, name, clock.now(), settings.zone)
    typer.echo(f"{name} is on.")


@playbook_app.command()
def off(name: str) -> None:
    """Switch a playbook off; letters under way are finished."""
    from bot.database import opened
    from core.mailing import playbooks

    with opened() as (db, _):
        db.write_now(playbooks.switch_off, name)
    typer.echo(f"{name} is off.")
