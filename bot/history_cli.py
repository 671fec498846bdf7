"""`kvizor segment history` and `kvizor segment movement`: segments on past days, from the terminal."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from core.db import Database
    from core.reports.movement import Movement
    from core.segments.past import PastDay
    from core.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="for scripts")]
DAY = ["%Y-%m-%d"]


def history(
    segment: str,
    days: Annotated[int, typer.Option(min=1, max=3660, help="sizes of so many days")] = 30,
    on: Annotated[datetime | None, typer.Option(formats=DAY, help="who was there as this day ended")] = None,
    to: Annotated[Path | None, typer.Option(help="write these people to a CSV file")] = None,
    as_json: Json = False,
) -> None:
    """Size of a segment day by day, or who was in it on a past day."""
    from bot.database import opened
    from core import clock
    from core.segments import history as past

    if on is None and to is not None:
        raise typer.BadParameter("--to wants --on: whose day should be written?")
    with opened() as (db, settings):
        if on is not None:
            _on_day(db, segment, on.date(), to, settings, as_json)
            return
        sizes = db.read_now(past.sizes_by_day, segment, days, clock.now())
    if as_json:
        typer.echo(json.dumps([{"day": day.isoformat(), "size": size} for day, size in sizes]))
        return
    for day, size in sizes:
        typer.echo(f"{day.isoformat()}  {size}")


def _on_day(
    db: Database, segment: str, day: date, to: Path | None, settings: Settings, as_json: bool
) -> None:
    from core import clock
    from core.reports.past import export_day
    from core.segments import past

    now = clock.now()
    found = db.read_now(past.on_day, segment, day, now)
    written = export_day(db, segment, day, to, now, language=settings.language, separator=",") if to else None
    if as_json:
        file = {} if written is None else {"file": str(to), "rows": written}
        typer.echo(json.dumps(_plain_day(found, settings.zone) | file, ensure_ascii=False))
        return
    _show_day(found, settings.zone)
    if written is not None:
        typer.echo(f"{to}: {written} people")


def _plain_day(found: PastDay, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "segment": found.name,
        "day": found.day.isoformat(),
        "count": found.count,
        "known_since": found.known_since.isoformat() if found.known_since else None,
        "rule": found.rule,
        "sample": [
            {
                "id": one.subscriber_id,
                "name": one.name,
                "since": one.since.astimezone(zone).isoformat(),
                "until": one.until.astimezone(zone).isoformat() if one.until else None,
            }
            for one in found.sample
        ],
    }


def _show_day(found: PastDay, zone: ZoneInfo) -> None:
    so_far = " so far" if found.is_today else ""
    typer.echo(f"{found.day.isoformat()}{so_far}: {found.count}")
    if found.is_before:
        typer.echo(f"  {found.name} is known since {found.known_since or 'no day yet'}")
    for one in found.sample:
        since, until = (
            f"{moment.astimezone(zone):%Y-%m-%d}" if moment else "now" for moment in (one.since, one.until)
        )
        typer.echo(f"  {one.subscriber_id} {one.name}  {since} … {until}")


def movement(
    family: Annotated[str | None, typer.Option(help="all enabled segments of a family")] = None,
    segments: Annotated[str | None, typer.Option(help="or chosen ones, names with commas")] = None,
    first: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="the first day")] = None,
    last: Annotated[datetime | None, typer.Option("--to-day", formats=DAY, help="default: today")] = None,
    months: Annotated[int | None, typer.Option(min=1, max=24, help="month by month instead")] = None,
    money: Annotated[bool, typer.Option("--money", help="with what they paid before and after")] = False,
    to: Annotated[Path | None, typer.Option(help="write the matrix to a CSV file")] = None,
    picture: Annotated[Path | None, typer.Option(help="write the picture to a PNG file")] = None,
    as_json: Json = False,
) -> None:
    """Who moved from which segment to which between two days."""
    from bot.database import opened
    from bot.written import write_file
    from core.reports.charts_movement import movement_chart
    from core.reports.movement_table import as_csv

    if (family is None) == (segments is None):
        raise typer.BadParameter("give --family or --segments")
    if (first is None) == (months is None):
        raise typer.BadParameter("give --from, or --months")
    if months is not None and (last or money or to or picture):
        raise typer.BadParameter("--months goes alone, or with --json")
    with opened() as (db, settings):
        found = _found(db, family, segments, first, last, months, money)
        language = settings.language
        currency = settings.currency
    if to is not None:
        write_file(to, as_csv(found[0], currency))
    if picture is not None:
        write_file(picture, movement_chart(found[0], _title(family, language), language))
    if as_json:
        rows = [_plain(one) for one in found]
        typer.echo(json.dumps(rows if months else rows[0], ensure_ascii=False))
        return
    _show(found, language)


def _found(
    db: Database,
    family: str | None,
    segments: str | None,
    first: datetime | None,
    last: datetime | None,
    months: int | None,
    money: bool,
) -> list[Movement]:
    from core import clock
    from core.people import activity
    from core.reports import movement as report
    from core.reports.movement_family import family as family_of

    now = clock.now()
    names = (
        db.read_now(family_of, family)
        if family is not None
        else tuple(name.strip() for name in str(segments).split(",") if name.strip())
    )
    if months is not None:
        return list(db.read_now(report.by_month, names, months, now))
    if first is None:
        return []
    until = last.date() if last else clock.local_day(now, activity.zone())
    return [db.read_now(report.movement, names, first.date(), until, now, money=money)]


def _title(family: str | None, language: str) -> str:
    from core.segments import presets

    titles = {one.name: one.title(language) for one in presets.families()}
    return titles.get(str(family), family or "")


def _show(found: list[Movement], language: str) -> None:
    for one in found:
        typer.echo(f"{one.first} → {one.last}: {one.moved} of {one.stood} moved")
        for move in one.moves:
            places = (one.place(number).title(language) for number in (move.source, move.target))
            typer.echo(f"{move.people:>9}  {' → '.join(places)}")


def _plain(found: Movement) -> dict[str, Any]:
    names = {place.number: place.name for place in found.places}
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "moved": found.moved,
        "stood": found.stood,
        "overlap": found.overlap,
        "cells": [
            {
                "from": names[one.source],
                "to": names[one.target],
                "people": one.people,
                "paid_before": one.before,
                "paid_after": one.after,
            }
            for one in found.cells
        ],
    }
