"""`kvizor places`: how many people's cities are known, which spellings are not, and deriving them anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHOWN = 50


def places(
    unknown: Annotated[
        bool, typer.Option("--unknown", help="the spellings nobody knows, the commonest first")
    ] = False,
    recompute: Annotated[
        bool, typer.Option("--recompute", help="derive everybody's place anew from what was typed")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="for scripts")] = False,
) -> None:
    """Cities, countries and climates of people: known, not known, derived anew."""
    from bot.database import opened
    from core import clock
    from core.people import places_pass

    answer: dict[str, Any] = {}
    with opened() as (db, _):
        if recompute:
            done = places_pass.recompute(db, clock.now(), everyone=True)
            answer["looked_at"] = done.known + done.unknown
        answer |= db.read_now(_counts)
        if unknown:
            found = db.read_now(places_pass.unknown_spellings, SHOWN)
            answer["unknown"] = [{"text": one.text, "people": one.people} for one in found]
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    if recompute:
        typer.echo(f"derived anew from what {answer['looked_at']} people typed")
    typer.echo(f"{answer['known_people']} people with a city that is known")
    typer.echo(
        f"{answer['unknown_people']} people with a city that is not, in {answer['spellings']} spellings"
    )
    for row in answer.get("unknown", ()):
        typer.echo(f"{row['people']:>9}  {row['text']}")


def _counts(session: Session) -> dict[str, int]:
    from core.people import places_pass

    spellings, people = places_pass.count_unknown(session)
    return {
        "known_people": places_pass.count_known(session),
        "unknown_people": people,
        "spellings": spellings,
    }
