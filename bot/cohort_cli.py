"""`kvizor cohorts`: who came back when, of a plain CSV of orders, without database and bot."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.score_cli import DAY, File, Json, To, Zone
from bot.score_report import read, share, tell, write

if TYPE_CHECKING:
    from core.reports.cohorts import Cohorts


def cohorts(
    orders: File,
    period: Annotated[str, typer.Option(help="month or week (ISO, from Monday)")] = "month",
    as_of: Annotated[
        datetime | None, typer.Option(help="the last day observed; default: the last order's", formats=DAY)
    ] = None,
    to: To = None,
    zone: Zone = None,
    as_json: Json = False,
) -> None:
    """Who came back when: distinct buyers by the period of their first purchase."""
    from core.reports import cohorts as report
    from core.segments.scores.orders import day_number

    if period not in ("month", "week"):
        raise typer.BadParameter("month or week", param_hint="--period")
    given = read(orders, as_of, zone)
    last = day_number(as_of.date()) if as_of else given.orders.last_day
    kind: Any = period
    found = report.cohorts(given.orders.person, given.orders.day, kind, last)
    width = range(len(found.rows[0].cells))
    rows = (
        (row.start.isoformat(), *("" if cell is None else cell for cell in row.cells)) for row in found.rows
    )
    write(to, ("cohort_start", *width), rows)
    if to is None and not as_json:
        typer.echo(_table(found))
    summary: dict[str, Any] = {
        "cohorts": len(found.rows),
        "observed_to": found.last_day.isoformat(),
        "cut_short": found.cut_short.isoformat() if found.cut_short else None,
        "mean_share_back": [share(each) for each in found.means()],
    }
    if as_json:
        summary["rows"] = [{"start": row.start.isoformat(), "people": row.cells} for row in found.rows]
    tell(given, summary, as_json=as_json)


def _table(found: Cohorts) -> str:
    """Return the table for the eye; a star marks cells of the period that is cut short."""
    lines = []
    for row in found.rows:
        cells = (
            "" if cell is None else f"{cell}{'*' * found.is_cut_short(row, column)}"
            for column, cell in enumerate(row.cells)
        )
        lines.append(row.start.isoformat() + "".join(f"{cell:>7}" for cell in cells).rstrip())
    return "\n".join(lines)
