"""`kvizor gender`: the sex of the names in a table."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer


def gender(
    file: Annotated[Path | None, typer.Option("--file", help="CSV or CSV.gz with a column `name`")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="the CSV to write: name,gender,confidence")] = None,
    base: Annotated[bool, typer.Option("--base", help="derive it anew for everybody in the base")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Tell the sex of names: f, m, or u where it stays open. A table needs no database."""
    if base:
        _base(as_json=as_json)
        return
    if file is None or to is None:
        raise typer.BadParameter("name both --file and --to, or --base")
    from core.people.gender import tables

    counts = tables.answer(file, to)
    if as_json:
        typer.echo(json.dumps(counts))
        return
    total = sum(counts.values())
    typer.echo(f"{total} names: {counts['f']} f, {counts['m']} m, {counts['u']} open. Written to {to}.")


def _base(*, as_json: bool) -> None:
    from bot.database import opened
    from core import clock
    from core.people.gender import kept

    with opened() as (db, _):
        done = kept.recompute(db, clock.now())
    if as_json:
        typer.echo(json.dumps(asdict(done)))
        return
    typer.echo(f"{done.female} women, {done.male} men, {done.unknown} open; {done.changed} changed.")
