"""What the score commands share: orders in, a CSV out, a summary for a person or a script."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import typer

from core.errors import KvizorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from core.segments.scores.reading import Given


_YEARS = (1970, 2200)


class OutputError(KvizorError):
    """A file named for output cannot be written."""


def zone_of(name: str | None) -> ZoneInfo:
    """Return the zone named, or the business's; an unknown name is told."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from core import settings

    if name is None:
        return settings.load().zone
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise typer.BadParameter("no such time zone; write e.g. Europe/Moscow", param_hint="--zone") from None


def read(orders: Path, as_of: datetime | None, zone: str | None) -> Given:
    """Read the orders until a day."""
    from core import clock
    from core.segments.scores.reading import read_orders

    if as_of and not _YEARS[0] <= as_of.year <= _YEARS[1]:
        raise typer.BadParameter(f"a year from {_YEARS[0]} to {_YEARS[1]}", param_hint="--as-of")
    return read_orders(orders, zone_of(zone), clock.now(), as_of.date() if as_of else None)


def write(to: Path | None, header: Sequence[object], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV; `.gz` packs it. Nothing is written when no file is named."""
    if to is None:
        return
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    table.writerows(rows)
    save(to, text.getvalue())


def save(to: Path, text: str) -> None:
    """Write a text whole; raises OutputError in a sentence."""
    content = text.encode()
    try:
        to.write_bytes(gzip.compress(content, mtime=0) if to.suffix == ".gz" else content)
    except OSError as error:
        raise OutputError(f"{to} cannot be written: {error.strerror or error}.") from None


def tell(given: Given, summary: Mapping[str, Any], *, as_json: bool) -> None:
    """Print the summary; what was not plain in the file goes to stderr, or into the JSON."""
    notes = given.notes
    frame = {"lines": notes.rows, "people": len(given.orders.people), "purchases": len(given.orders.day)}
    if as_json:
        told = {kind: {"count": count, "lines": notes.lines[kind]} for kind, count in notes.counts.items()}
        typer.echo(json.dumps({**frame, "notes": told, **summary}, ensure_ascii=False))
        return
    for sentence in notes.sentences():
        typer.echo(sentence, err=True)
    for name, value in {**frame, **summary}.items():
        for line in _lines(name.replace("_", " "), value):
            typer.echo(line)


def _lines(name: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}:", *(f"  {line}" for key, each in value.items() for line in _lines(key, each))]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        head = "  ".join(f"{key.replace('_', ' '):>10}" for key in value[0])
        rows = (
            "  ".join(f"{_shown(cell):>{max(10, len(key))}}" for key, cell in row.items()) for row in value
        )
        return [f"{name}:", f"  {head}", *(f"  {row}" for row in rows)]
    if isinstance(value, list):
        return [f"{name}: {'  '.join(map(_shown, value))}"]
    return [f"{name}: {_shown(value)}"]


def _shown(value: Any) -> str:
    return "-" if value is None or value == "" else str(value)


def counts(names: Iterable[str], known: Sequence[str]) -> dict[str, int]:
    """Return how many have each name, in the order of `known`, zeros included."""
    found = Counter(names)
    return {name: found[name] for name in known}


def number(value: float | None, digits: int) -> float | int | str:
    """Return a number as it stands in a table: rounded, an integer without a point, nothing as empty."""
    if value is None or math.isnan(value):
        return ""
    return round(float(value), digits) if digits else int(value)


def share(value: float | None) -> float | None:
    """Return a share in percent, one decimal."""
    return None if value is None else round(100 * value, 1)
