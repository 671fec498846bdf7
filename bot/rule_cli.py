"""`kvizor segment define|versions|return|delete`: rules from the terminal, seen before they are applied."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.segments.errors import SegmentError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from core.db import Database
    from core.mailing.depending import Holding
    from core.segments.proposal import Proposal
    from core.segments.tally import Tally
    from core.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="for scripts")]
Yes = Annotated[bool, typer.Option("--yes", help="apply it; without, nothing is changed")]
Greet = Annotated[bool, typer.Option(help="let series meet those who enter only because of the rule")]


app = typer.Typer()  # its commands stand among those of `kvizor segment`


@app.command()
def define(
    name: str,
    rule: str,
    title_ru: Annotated[str, typer.Option(help="of a new segment; default: its name")] = "",
    title_en: Annotated[str, typer.Option(help="of a new segment; default: the Russian one")] = "",
    yes: Yes = False,
    greet: Greet = False,
    as_json: Json = False,
) -> None:
    """Make a segment or give it another rule: who would enter and leave; with --yes it is done."""
    from bot.database import opened

    with opened() as (db, settings):
        titles = (title_ru or title_en or name, title_en or title_ru or name)
        _offer(db, settings, name, rule, titles, yes=yes, greet=greet, as_json=as_json)


@app.command("return")
def return_(
    name: str,
    version: Annotated[int, typer.Argument(help="its number, as `kvizor segment versions` shows it")],
    yes: Yes = False,
    greet: Greet = False,
    as_json: Json = False,
) -> None:
    """Return to an older rule: who would enter and leave; with --yes it is done."""
    from bot.database import opened
    from core.segments import versions as past

    with opened() as (db, settings):
        rule = db.read_now(past.version, name, version).rule
        _offer(db, settings, name, rule, None, yes=yes, greet=greet, as_json=as_json)


@app.command()
def versions(
    name: str,
    at: Annotated[datetime | None, typer.Option(help="only the version in force at this moment")] = None,
    as_json: Json = False,
) -> None:
    """Every rule a segment ever had: since when, by whom, in words."""
    from bot.database import opened
    from core.segments import versions as past

    with opened() as (db, settings):
        found = db.read_now(past.versions, name)
        if at is not None:
            one = db.read_now(past.in_force, name, at.replace(tzinfo=settings.zone))
            found = (one,) if one is not None else ()
        rows: list[dict[str, Any]] = [
            {
                "number": one.number,
                "since": one.since.astimezone(settings.zone).isoformat(timespec="seconds"),
                "author": one.author,
                "rule": one.rule,
                "sentence": one.sentence(settings.language),
            }
            for one in found
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['number']:>3}  {row['since'][:16]}  {row['author'] or '-':<12} {row['rule']}")
        typer.echo(f"     {row['sentence']}")


@app.command()
def delete(name: str, yes: Yes = False, as_json: Json = False) -> None:
    """Delete an own segment for good: its rule, versions and history; refused while something asks for it."""
    from bot.database import opened
    from core import clock
    from core.segments.refresh import refresh_all

    with opened() as (db, _):
        now = clock.now()
        size, held = db.read_now(_before_deletion, name)
        if held:
            asked = ", ".join([*(one.name for one in held.segments), *(one.name for one in held.campaigns)])
            raise SegmentError(f"`{name}` is used by {asked}; change or stop these first.")
        if yes:
            db.write_now(_deleted, name, now)
            refresh_all(db, now)
    if as_json:
        typer.echo(json.dumps({"name": name, "size": size, "deleted": yes}))
    elif yes:
        typer.echo(f"`{name}` is deleted; {size} people were in it, nobody left the base.")
    else:
        typer.echo(
            f"`{name}` has {size} people. Its rule, versions and history would be lost; repeat with --yes."
        )


def _before_deletion(session: Session, name: str) -> tuple[int, Holding]:
    from core.mailing.depending import holding
    from core.segments import rules

    found = rules.find(session, name)
    if found.is_preset:
        raise SegmentError(f"`{name}` ships with the program; switch it off: `kvizor segment off {name}`.")
    return found.size, holding(session, name)


def _deleted(session: Session, name: str, now: datetime) -> None:
    """Delete it unless something began to ask for it meanwhile."""
    from core.mailing.depending import delete_segment
    from core.segments import rules

    if delete_segment(session, rules.find(session, name).number, now)[1]:
        raise SegmentError(f"`{name}` is used by now; look again what asks for it.")


def _offer(
    db: Database,
    settings: Settings,
    name: str,
    rule: str,
    titles: tuple[str, str] | None,
    *,
    yes: bool,
    greet: bool,
    as_json: bool,
) -> None:
    from core import clock
    from core.segments import proposal

    now, language = clock.now(), settings.language
    found = db.read_now(proposal.propose, name, rule, now, language)
    answer = _told(found, language) | {
        "campaigns": list(db.read_now(_campaigns, name)),
        "applied": yes and not found.is_same,
    }
    if not as_json:
        _print(answer)
    if yes and not found.is_same:
        number, before = db.write_now(_accepted, found, titles, now, greet=greet)
        answer |= _refreshed(db, number, before)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
    elif found.is_same:
        typer.echo("This is the rule in force; there is nothing to do.")
    elif not yes:
        typer.echo("Nothing is changed; repeat with --yes to apply it.")
    else:
        typer.echo(
            f"Applied: {answer['entered']} entered, {answer['left']} left, {answer['size']} are there."
        )


def _accepted(
    session: Session, found: Proposal, titles: tuple[str, str] | None, now: datetime, *, greet: bool
) -> tuple[int, Tally]:
    """Apply a proposal; returns the segment's number and its moves until then."""
    from core.segments import proposal, tally, versions

    given = (found.name, found.rule, found.version, titles, versions.CLI, now)
    number = proposal.accept(session, *given, greet=greet).number
    return number, tally.tally(session, number)


def _refreshed(db: Database, number: int, before: Tally) -> dict[str, Any]:
    from core import clock
    from core.segments.refresh import refresh_all
    from core.segments.tally import tally

    refresh_all(db, clock.now())
    return asdict(db.read_now(tally, number).since(before))


def _campaigns(session: Session, name: str) -> tuple[str, ...]:
    from core.mailing.depending import depending_on

    return tuple(one.name for one in depending_on(session, name))


def _told(found: Proposal, language: str) -> dict[str, Any]:
    chosen: Any = language
    return {
        "name": found.name,
        "rule": found.rule,
        "sentence": found.condition.sentence(chosen),
        "old_sentence": found.old.sentence(chosen) if found.old is not None else None,
        "size_now": found.size_now,
        "size_then": found.size_then,
        "would_enter": found.entering.count,
        "entering": [{"id": one.id, "name": one.name} for one in found.entering.sample],
        "would_leave": found.leaving.count,
        "leaving": [{"id": one.id, "name": one.name} for one in found.leaving.sample],
        "stay": found.staying,
        "lacking": list(found.lacking),
        "scarce": [one.sentence(chosen) for one in found.scarce],
        "segments": [one.name for one in found.dependents],
    }


def _print(answer: dict[str, Any]) -> None:
    if answer["old_sentence"]:
        typer.echo(f"was:  {answer['old_sentence']}")
    typer.echo(f"will: {answer['sentence']}")
    typer.echo(f"{answer['size_now']} → {answer['size_then']}; {answer['stay']} stay")
    for sign, count, people in (("+", "would_enter", "entering"), ("−", "would_leave", "leaving")):
        names = ", ".join(f"{one['id']} {one['name']}".strip() for one in answer[people])
        typer.echo(f"{sign}{answer[count]}{f' ({names})' if names else ''}")
    for line in (*answer["lacking"], *answer["scarce"]):
        typer.echo(f"! {line}")
    for word in ("segments", "campaigns"):
        if answer[word]:
            typer.echo(f"{word} that ask for it: {', '.join(answer[word])}")
