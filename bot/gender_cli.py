"""`kvizor gender`: the sex of the names in a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def gender(
    file: Annotated[Path, typer.Option("--file", help="CSV or CSV.gz with a column `name`")],
    to: Annotated[Path, typer.Option("--to", help="the CSV to write: name,gender,confidence")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Tell the sex of names: f, m, or u where it stays open. Needs no database."""
    from core.people.gender import tables

    counts = tables.answer(file, to)
    if as_json:
        typer.echo(json.dumps(counts))
        return
    total = sum(counts.values())
    typer.echo(f"{total} names: {counts['f']} f, {counts['m']} m, {counts['u']} open. Written to {to}.")
