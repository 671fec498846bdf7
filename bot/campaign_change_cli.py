"""`kvizor campaign edit` and `recall`: copies already sent are changed, or taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.db import Database

Dry = Annotated[bool, typer.Option("--dry-run", help="only count the copies")]
Json = Annotated[bool, typer.Option("--json", help="for scripts")]


def edit(campaign: int, file: Path, dry_run: Dry = False, as_json: Json = False) -> None:
    """Give the copies of a campaign the texts and buttons of a file, those not sent yet too."""
    from bot.database import opened
    from core import clock
    from core.mailing import campaign_file, copies
    from core.mailing.drafting import choices

    with opened() as (db, settings):
        now = clock.now()
        read = campaign_file.read(file, settings.zone, now)

        def change(session: Session) -> int:
            words = [words for _, _, words in choices(session, read.draft, now)]
            return copies.edit(session, campaign, words, f"edit:{campaign}:{read.digest}", now)

        _do(db, campaign, copies.EDIT, change, now, dry_run=dry_run, as_json=as_json)


def recall(campaign: int, dry_run: Dry = False, as_json: Json = False) -> None:
    """Take the copies of a campaign back: Telegram allows it for 48 hours after each was sent."""
    from bot.database import opened
    from core import clock
    from core.mailing import copies

    with opened() as (db, _):
        now = clock.now()

        def change(session: Session) -> int:
            return copies.recall(session, campaign, f"recall:{campaign}:{now:%Y%m%d%H%M%S}", now)

        _do(db, campaign, copies.RECALL, change, now, dry_run=dry_run, as_json=as_json)


def _do(
    db: Database,
    campaign: int,
    act: str,
    change: Callable[[Session], int],
    now: datetime,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    from bot.campaign_send_cli import NO_BOT
    from bot.single import runs_now
    from core.mailing import audiences, campaigns, copies

    db.read_now(campaigns.status_of, campaign)
    found = db.read_now(copies.reach, campaign, act, now)
    row: dict[str, int | None] = {"id": None, "copies": found.copies, "within": found.within}
    if not dry_run:
        row["id"] = db.write_now(change)
        audiences.due(db, now)
    if as_json:
        typer.echo(json.dumps(row))
        return
    late = found.copies - found.within
    typer.echo(
        f"Copies: {found.copies}" + (f", of them {late} older than 48 hours: those stay." if late else ".")
    )
    if row["id"] is not None:
        typer.echo(f"The change is campaign {row['id']}; `kvizor campaign status {row['id']}` tells its sum.")
        if not runs_now(db):
            typer.echo(NO_BOT, err=True)
