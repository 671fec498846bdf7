"""`kvizor campaign send FILE`: a campaign out of a file, foreseen, made once, waited for."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from core.db import Database
    from core.mailing.campaign_file import CampaignFile
    from core.mailing.campaigns import Status
    from core.mailing.dry_run import Preview
    from core.mailing.filed import Filed
    from core.settings import Settings

OVER = ("finished", "cancelled", "paused", "draft")
LOOK_SECONDS = 1.0
SUM = ("audience", "sent", "failed", "suppressed", "expired", "unknown", "pending")
NO_BOT = "No bot runs on this database: nothing is sent until `kvizor run` is started."


def send(
    file: Annotated[Path, typer.Argument(help="the campaign; docs/campaigns.md shows one")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only count whom it would reach")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="until it is over, then tell its sum")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for scripts")] = False,
) -> None:
    """Send a campaign described in a file; the same file a second time sends nothing."""
    from bot.database import opened
    from core import clock
    from core.mailing import audiences, campaign_file, filed

    with opened() as (db, settings):
        now = clock.now()
        read = campaign_file.read(file, settings.zone, now)
        if dry_run:
            rate = float(settings.rate_limit - settings.rate_reserve)
            _tell_count(read, db.read_now(filed.foresee, read, now, rate), settings, now, as_json)
            return
        owner = settings.admin_ids[0] if settings.admin_ids else None
        made = db.write_now(filed.post, read, now, owner)
        audiences.due(db, now)  # the bot beside us need not wait for its next tick to plan it
        if not (wait and as_json):
            _tell_made(db, read, made, settings, as_json)
        if wait:
            _wait(db, made.campaign_id, as_json)


def _tell_count(read: CampaignFile, found: Preview, settings: Settings, now: datetime, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_count_in_json(found), ensure_ascii=False))
        return
    from bot.admin.campaign_views import count_text
    from bot.texts import Texts
    from core.mailing.markup import plain

    say = Texts()[settings.language]
    typer.echo(plain(count_text(say, found, now, settings.zone)))
    typer.echo(plain(say(f"campaign-audience-{read.part.membership}")))


def _count_in_json(found: Preview) -> dict[str, Any]:
    ends = found.finishes_at.isoformat() if found.finishes_at else None
    return {
        "audience": found.audience,
        "will_get": found.will_get,
        "reasons": found.reasons,
        "seconds": round(found.seconds, 1),
        "finishes_at": ends,
    }


def _tell_made(db: Database, read: CampaignFile, made: Filed, settings: Settings, as_json: bool) -> None:
    from bot.single import runs_now
    from core.mailing import campaigns

    state = db.read_now(campaigns.status_of, made.campaign_id)
    runs = runs_now(db)
    if as_json:
        row = {"id": made.campaign_id, "state": state, "is_new": made.is_new, "bot_runs": runs}
        typer.echo(json.dumps(row))
    elif made.is_new:
        begins = f"{read.schedule.due_at.astimezone(settings.zone):%d.%m.%Y %H:%M}"
        when = f"it begins {begins} ({settings.time_zone})"
        if read.part.schedule == "now":
            when = "it begins now"
        elif read.schedule.wall_at is not None:
            when = "it leaves at each person's own time"
        typer.echo(f"Campaign {made.campaign_id} “{read.draft.name}” is made; {when}.")
    else:
        before = f"Campaign {made.campaign_id} was made from this file before, it is {state}"
        typer.echo(f"{before}; nothing is sent twice.")
    if not runs and state not in OVER:
        typer.echo(NO_BOT, err=True)


def _wait(db: Database, campaign_id: int, as_json: bool) -> None:
    """Look until the campaign is over or paused; exit code 2 where it is not finished."""
    from core.mailing import campaigns

    told = -1
    while True:
        status = db.read_now(campaigns.status, campaign_id)
        done = status.totals.audience - status.totals.pending
        if done != told and not as_json:
            typer.echo(f"{status.state}: {done} of {status.totals.audience}", err=True)
            told = done
        if status.state in OVER:
            break
        time.sleep(LOOK_SECONDS)
    _tell_sum(status, as_json)
    if status.state != "finished":
        raise typer.Exit(2)


def _tell_sum(status: Status, as_json: bool) -> None:
    totals = {name: getattr(status.totals, name) for name in SUM}
    reasons = status.totals.reasons
    if as_json:
        row = {"id": status.campaign_id, "state": status.state, **totals, "reasons": reasons}
        typer.echo(json.dumps(row, ensure_ascii=False))
        return
    for name, value in totals.items():
        typer.echo(f"{name:<12} {value}")
    for name, value in reasons.items():
        typer.echo(f"  {name}: {value}")
    if status.error:
        typer.echo(status.error, err=True)
