"""`kvizor series …`: series from the terminal: checked, kept, seen, switched, people taken in and let go."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from core.mailing.series.shelf import Info
    from core.mailing.series.source import Loaded

app = typer.Typer(help="Series: letters that follow a person's own moment.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="for scripts")]
File = Annotated[Path, typer.Argument(metavar="FILE", help="YAML, see docs/series.md")]
Named = Annotated[str, typer.Argument(metavar="NAME", help="as `kvizor series list` shows it")]


@app.command()
def check(file: File, as_json: Json = False) -> None:
    """Read a file and say whether it fits this database; nothing is changed."""
    from bot.database import opened
    from core import clock
    from core.errors import KvizorError
    from core.mailing.series import checking, source

    try:
        loaded = source.load_file(file)
        with opened() as (db, _):
            db.read_now(checking.check, loaded, clock.now())
    except KvizorError as error:
        if as_json:
            typer.echo(json.dumps({"ok": False, "problems": str(error).splitlines()}, ensure_ascii=False))
            raise typer.Exit(1) from None
        raise
    given = loaded.definition
    answer = {"ok": True, "name": given.name, "steps": [step.key for step in given.steps]}
    _say(answer if as_json else None, f"{given.name} is in order: {len(given.steps)} steps.")


@app.command()
def add(file: File, as_json: Json = False) -> None:
    """Keep a series, or bring the one of this name up to date; it is switched on by `series on`."""
    from bot.database import opened
    from core import clock
    from core.mailing.series import source

    loaded = source.load_file(file)
    with opened() as (db, _):
        info = db.write_now(_add, loaded, clock.now())
    _say(_told(info) if as_json else None, f"{info.name} is kept and {_word(info)}.")


def _add(session: Session, loaded: Loaded, now: datetime) -> Info:
    from core.mailing.series import shelf

    return shelf.add(session, loaded, now)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Every series, kept or shipped, on or off."""
    from bot.database import opened
    from core.mailing.series import shelf, shipped

    with opened() as (db, settings):
        found = db.read_now(shelf.all_series)
        language = settings.language
    rows: list[dict[str, Any]] = [_told(one) | {"title": one.title(language)} for one in found]
    known = {one.name for one in found}
    rows += [
        {"name": name, "kind": given.kind, "on": False, "kept": False, "error": None, "title": title}
        for name in shipped.names()
        if name not in known
        for given in [shipped.loaded(name).definition]
        for title in [given.titles[language == "en"]]
    ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{'on ' if row['on'] else 'off'}  {row['name']:<20} {row['kind']:<8} {row['title']}")
        if row["error"]:
            typer.echo(f"     ! {row['error']}")


@app.command()
def show(name: Named, as_json: Json = False) -> None:
    """The truth of a series: entered = in it now + every way of leaving; each step with who stands there."""
    from bot.database import opened
    from core.mailing.series import counts, shelf

    with opened() as (db, _):
        info = db.read_now(shelf.find, name)
        found = db.read_now(counts.numbers, info.id)
    if as_json:
        typer.echo(json.dumps(_told(info) | asdict(found), ensure_ascii=False))
        return
    typer.echo(f"{info.name} is {_word(info)}{f': {info.error}' if info.error else ''}")
    typer.echo(f"entered {found.entered} = active {found.active}" + _sum(found.ends))
    for step in found.steps:
        words = f"{step.key:<20} {step.kind:<7} reached {step.reached}, here {step.here}, left {step.left}"
        typer.echo(f"  {words}{f', sent {step.sent}' if step.kind == 'letter' else ''}")


def _sum(ends: dict[str, int]) -> str:
    return "".join(f" + {state} {count}" for state, count in ends.items())


@app.command()
def on(
    name: Named,
    preview: Annotated[bool, typer.Option("--preview", help="only say whom it would meet")] = False,
    as_json: Json = False,
) -> None:
    """Switch a series on: it meets people by what happens from now on; a shipped one is kept first."""
    from bot.database import opened
    from core import clock
    from core.mailing.series import counts, shelf, shipped

    with opened() as (db, _):
        now = clock.now()
        db.write_now(shipped.keep, name, now)
        if not preview:
            info = db.write_now(shelf.switch_on, name, now)
            _say(_told(info) if as_json else None, f"{name} is on.")
            return
        found = db.read_now(counts.ahead, name, now)
    if as_json:
        typer.echo(json.dumps({"name": name, **asdict(found)}, ensure_ascii=False))
        return
    if found.there is not None:
        reasons = "".join(f", {count} {reason}" for reason, count in found.there.reasons.items())
        typer.echo(f"There already: {found.there.found}{reasons}; an order would take in:")
        typer.echo(f"  kvizor series enroll {name} '{found.rule}'  ({found.there.will_enter} people)")
    typer.echo(f"A day, lately: {found.a_day:.1f}")


@app.command()
def off(name: Named, as_json: Json = False) -> None:
    """Switch a series off: nobody enters, whoever is in it stands still until it is on again."""
    from bot.database import opened
    from core import clock
    from core.mailing.series import shelf

    with opened() as (db, _):
        info = db.write_now(shelf.switch_off, name, clock.now())
    _say(_told(info) if as_json else None, f"{name} is off.")


@app.command()
def enroll(
    name: Named,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="whom, e.g. 'in segment customers'")],
    yes: Annotated[bool, typer.Option("--yes", help="do it; without, they are only counted")] = False,
    as_json: Json = False,
) -> None:
    """Take in everybody of a rule now: counted first, done with --yes."""
    from bot.database import opened
    from core import clock
    from core.mailing.series import enrolling

    with opened() as (db, _):
        now = clock.now()
        reach = db.read_now(enrolling.preview, name, rule, now)
        order = now.isoformat(timespec="seconds")
        taken = enrolling.enroll_all(db, name, rule, now, order) if yes else 0
    if as_json:
        typer.echo(json.dumps(asdict(reach) | {"entered": taken}, ensure_ascii=False))
        return
    reasons = "".join(f" − {count} {reason}" for reason, count in reach.reasons.items())
    typer.echo(f"{reach.found}{reasons} = {reach.will_enter}")
    typer.echo(f"Entered: {taken}." if yes else "Nobody has entered; repeat with --yes.")


@app.command()
def stop(
    name: Named,
    person: Annotated[int | None, typer.Option(help="only this person, by his number")] = None,
    as_json: Json = False,
) -> None:
    """End the way of everybody who is in a series, or of one person; letters that wait are never sent."""
    from bot.database import opened
    from core import clock
    from core.mailing.series import leaving, shelf

    with opened() as (db, _):
        db.read_now(shelf.find, name)
        now = clock.now()
        if person is None:
            ended = leaving.stop_all(db, name, now)
        else:
            ended = int(db.write_now(leaving.stop_person, name, person, now))
    _say({"name": name, "stopped": ended} if as_json else None, f"Stopped: {ended}.")


def _told(info: Info) -> dict[str, Any]:
    return {"name": info.name, "kind": info.kind, "on": info.is_on, "kept": True, "error": info.error}


def _word(info: Info) -> str:
    return "on" if info.is_on else "off"


def _say(answer: dict[str, Any] | None, words: str) -> None:
    typer.echo(words if answer is None else json.dumps(answer, ensure_ascii=False))
