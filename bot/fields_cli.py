"""`kvizor segment fields`: what rules may ask about, what fills it, and how complete it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from core.segments.completeness import Filled, Reach
    from core.segments.words import Language


def fields(
    segments: Annotated[
        bool,
        typer.Option("--segments", help="and of each segment: how many it could reach with what is known"),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for scripts")] = False,
) -> None:
    """What a rule may ask about, what fills it, and how many people have it."""
    from bot.database import opened
    from core import clock
    from core.segments import completeness

    with opened() as (db, settings):
        now = clock.now()
        found = db.read_now(completeness.completeness, now)
        reached = db.read_now(completeness.reach, now) if segments else ()
        language = settings.language
    if as_json:
        answer: Any = [_row(one, language) for one in found]
        if segments:
            answer = {"fields": answer, "segments": [_reach(one) for one in reached]}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    for one in found:
        row = _row(one, language)
        unit = f", {one.unit}" if one.unit else ""
        what = f"{row['title']} ({one.kind}{unit})"
        typer.echo(f"{one.share:>6.1%} {one.known:>9}  {one.name:<24} {what} ← {row['filled_by']}")
    for segment in reached:
        typer.echo(f"{segment.share:>6.1%}  {segment.segment:<24} {segment.informed} / {segment.people}")


def _row(one: Filled, language: Language) -> dict[str, object]:
    english = language == "en"
    return {
        "name": one.name,
        "title": one.titles[english],
        "type": one.kind,
        "unit": one.unit,
        "filled_by": one.filled_by[english],
        "known": one.known,
        "people": one.base,
        "share": round(one.share, 4),
    }


def _reach(one: Reach) -> dict[str, object]:
    return {
        "name": one.segment,
        "could_reach": one.people,
        "informed": one.informed,
        "share": round(one.share, 4),
    }
