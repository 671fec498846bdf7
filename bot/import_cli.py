"""`kvizor import …` and `kvizor export …`: tables in and out."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from core.sales.tally import Tally

app = typer.Typer(help="Take tables in.", no_args_is_help=True)
export_app = typer.Typer(help="Give tables out.", no_args_is_help=True)


@app.callback()
def _import() -> None:
    """Take tables in."""


@export_app.callback()
def _export() -> None:
    """Give tables out."""


@app.command()
def purchases(
    file: Annotated[Path, typer.Argument(help="CSV or CSV.gz with a header", exists=True, dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would happen")] = False,
    currency: Annotated[str | None, typer.Option(help="of a file without a currency column")] = None,
    refused: Annotated[Path | None, typer.Option(help="where refused lines go, as CSV")] = None,
    as_of: Annotated[datetime | None, typer.Option(help="the day the file is of, for old data")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Take in orders, refunds among them; an order is stored once however often its file is given."""
    from bot.database import opened
    from core import clock
    from core.sales import imports
    from core.sales.orders import Options

    with opened() as (db, settings):
        now = as_of.replace(tzinfo=settings.zone) if as_of else clock.now()
        options = Options(settings.currency, settings.zone, currency)
        if dry_run:
            tally = imports.preview(db, file, options, now).tally
        else:
            target = refused or file.with_name(f"{file.name}.refused.csv")
            tally = imports.run(db, file, options, now, refused_to=target, language=settings.language).tally
            if not tally.refused and refused is None:
                target.unlink(missing_ok=True)
    _tell(tally, dry_run=dry_run, as_json=as_json)


def _tell(tally: Tally, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(tally.to_json(), ensure_ascii=False))
        return
    verb = "would be added" if dry_run else "added"
    typer.echo(f"{tally.purchases} purchases and {tally.refunds} refunds {verb}, of {tally.rows} lines.")
    for count, what in (
        (tally.zeros, "purchases of zero among them"),
        (tally.joined, "further lines joined to their orders"),
        (tally.repeated, "lines known already"),
        (tally.refused_count, "lines refused"),
    ):
        if count:
            typer.echo(f"  {what}: {count}")
    typer.echo(f"{tally.new_people} people not met before.")
    for reason, count in tally.refused.items():
        typer.echo(f"  refused, {reason.text('en')}: {count}")


@export_app.command()
def segment(
    name: Annotated[str, typer.Argument(help="the segment's name, see `kvizor segment list`")],
    file: Annotated[Path, typer.Argument(help="the CSV to write")],
) -> None:
    """Write a segment's people as CSV (commas, decimal points, UTF-8); the row count is verified."""
    from bot.database import opened
    from core.reports import tables

    with opened() as (db, settings):
        count = tables.export_segment(
            db, name, file, language=settings.language, currency=settings.currency, separator=","
        )
    typer.echo(f"{count} people written to {file}.")
