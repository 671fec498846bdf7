"""`kvizor doctor`: is all well, and is everything that is kept what the facts amount to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from core.doctor.health import Finding
    from core.doctor.rebuild import Report


def doctor(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="compute everything anew and compare")] = False,
    repair: Annotated[bool, typer.Option("--repair", help="and write what the facts amount to")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for scripts")] = False,
) -> None:
    """Look at the health of the bot; exit code 1 when something is not well or differs from the facts."""
    from bot.database import opened
    from core import clock
    from core.doctor import health
    from core.doctor.rebuild import rebuild as compare

    with opened() as (db, settings):
        if not (rebuild or repair):
            found = health.look(db, clock.now())
            _tell_health(found, as_json=as_json)
            raise typer.Exit(not all(one.is_well for one in found))
        report = compare(db, clock.now(), repair=repair, scores_file=settings.scores_file)
    _tell_report(report, repair=repair, as_json=as_json)
    raise typer.Exit(report.differences > 0)


def _tell_health(found: list[Finding], *, as_json: bool) -> None:
    if as_json:
        rows = [{"name": one.name, "well": one.is_well, "words": one.words} for one in found]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        typer.echo(f"{'well' if one.is_well else 'LOOK':<6}{one.name:<18}{one.words}")


def _tell_report(report: Report, *, repair: bool, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_plain(report), ensure_ascii=False))
        return
    for one in report.tables:
        mended = f", {one.mended} mended" if repair and one.differences else ""
        typer.echo(f"{one.name:<20}{one.rows:>12,} rows  {one.differences:>8,} differ{mended}")
        for words in one.examples:
            typer.echo(f"    {words}")
        if one.differences > len(one.examples):
            typer.echo(f"    … and {one.differences - len(one.examples):,} more")
    for words in report.passed:
        typer.echo(f"not compared: {words}")
    if report.differences and not repair:
        typer.echo("`kvizor doctor --rebuild --repair` writes what the facts say, also beside a running bot.")


def _plain(report: Report) -> dict[str, object]:
    return {
        "differences": report.differences,
        "seconds": round(report.seconds, 3),
        "not_compared": list(report.passed),
        "tables": [
            {
                "name": one.name,
                "rows": one.rows,
                "differences": one.differences,
                "mended": one.mended,
                "examples": one.examples,
            }
            for one in report.tables
        ],
    }
