"""`kvizor segment shipped|on|off|set|another`: the segments that ship, from the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from core.segments.presets import Offer
    from core.segments.words import Language

app = typer.Typer(help="The segments that ship.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="for scripts")]
Named = Annotated[str, typer.Argument(metavar="NAME", help="as `kvizor segment shipped` shows it")]
Values = Annotated[list[str] | None, typer.Argument(metavar="PARAMETER=VALUE")]


@app.command()
def shipped(
    family: Annotated[str, typer.Option(help="only this family")] = "",
    as_json: Json = False,
) -> None:
    """Every segment that ships: on or off, its size, its values, and what it is good for."""
    from bot.database import opened
    from core import clock
    from core.segments import presets

    with opened() as (db, settings):
        db.write_now(presets.install, clock.now())
        rows = db.read_now(_rows, family, settings.language)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    last = ""
    for row in rows:
        if row["family"] != last:
            typer.echo(f"\n{row['family_title']} ({row['family']})")
            last = row["family"]
        mark = "on " if row["on"] else "off"
        typer.echo(f"  {mark} {row['size']:>9}  {row['name']:<22} {row['title']}")
        values = " ".join(f"{name}={_shown(value)}" for name, value in row["parameters"].items())
        typer.echo(f"{'':17}{row['use']}{f'  [{values}]' if values else ''}")


@app.command()
def on(name: Named, values: Values = None) -> None:
    """Put a shipped segment in force; its people are found by the next refresh, within five minutes."""
    from core.segments import presets

    _done(presets.turn_on, name, values, "is on")


@app.command()
def off(name: Named) -> None:
    """Take a shipped segment out of force; its past stays."""
    from bot.database import opened
    from core import clock
    from core.segments import presets

    with opened() as (db, settings):
        now = clock.now()
        db.write_now(presets.install, now)
        _tell(db.write_now(presets.turn_off, name, now), settings.language, "is off")


@app.command("set")
def set_(name: Named, values: Annotated[list[str], typer.Argument(metavar="PARAMETER=VALUE")]) -> None:
    """Choose values of a shipped segment: `segment set silent_14 days=21`."""
    from core.segments import presets

    _done(presets.set_values, name, values, "is set")


@app.command()
def another(name: Named, values: Annotated[list[str], typer.Argument(metavar="PARAMETER=VALUE")]) -> None:
    """Make one more of a kind: `segment another source source=vk`."""
    from core.segments import presets

    _done(presets.another, name, values, "is made")


def _rows(session: Session, family: str, language: Language) -> list[dict[str, Any]]:
    from core.segments import presets
    from core.segments.errors import SegmentError, suggestion

    titles = {one.name: one.title(language) for one in presets.families()}
    if family and family not in titles:
        raise SegmentError(
            f"no family `{family[:64]}` ships{suggestion(family, titles)}: {', '.join(titles)}."
        )
    return [
        {
            "family": one.preset.family,
            "family_title": titles[one.preset.family],
            "name": one.name,
            "on": one.enabled,
            "size": one.size,
            "title": one.title(language),
            "use": one.use(language),
            "parameters": {each.name: one.values.get(each.name) for each in one.preset.parameters},
            "rule": None if one.lacking or one.preset.is_generated else one.rule,
        }
        for one in presets.offers(session)
        if not family or one.preset.family == family
    ]


def _done(verb: Any, name: str, values: Sequence[str] | None, what: str) -> None:
    from bot.database import opened
    from core import clock
    from core.segments import presets

    given = _read(name, values or ())
    with opened() as (db, settings):
        now = clock.now()
        db.write_now(presets.install, now)
        _tell(db.write_now(verb, name, given, now), settings.language, what)


def _read(name: str, values: Sequence[str]) -> dict[str, str]:
    from core.segments.errors import SegmentError

    given: dict[str, str] = {}
    for one in values:
        key, mark, value = one.partition("=")
        if not mark or not key or not value:
            raise SegmentError(f"`{name}`: `{one[:64]}` should be PARAMETER=VALUE, e.g. days=21.")
        given[key] = value
    return given


def _tell(done: Offer, language: Language, what: str) -> None:
    typer.echo(f"{done.name} {what}: {done.title(language)}")
    if not done.preset.is_generated:
        typer.echo(f"  {done.rule}")


def _shown(value: object) -> str:
    return "…" if value is None else str(value)
