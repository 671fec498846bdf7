"""`kvizor segment …`: segments from the terminal."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import fields_cli, history_cli

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from core.segments.conditions import Condition
    from core.settings import Settings

app = typer.Typer(help="Segments: who is where, and why.", no_args_is_help=True)
app.command("fields")(fields_cli.fields)
Json = Annotated[bool, typer.Option("--json", help="for scripts")]
SAMPLE = 5


@app.command("list")
def list_(as_json: Json = False) -> None:
    """All segments with their sizes."""
    from bot.database import opened
    from core.segments import rules

    with opened() as (db, settings):
        found = db.read_now(rules.all_segments)
        rows = [
            {"name": one.name, "title": one.title(settings.language), "size": one.size, "rule": one.rule}
            for one in found
        ]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['size']:>9}  {row['name']:<20} {row['title']}")


@app.command()
def preview(
    rule: str,
    sql: Annotated[bool, typer.Option("--sql", help="the statement it becomes, with its values")] = False,
    as_json: Json = False,
) -> None:
    """How many people a rule finds now, in words, with a sample."""
    from bot.database import opened
    from core import clock

    with opened() as (db, settings):
        answer = db.read_now(_preview, rule, clock.now(), settings, sql)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    typer.echo(f"{answer['size']}: {answer['sentence']}")
    for line in (*answer.get("lacking", ()), *answer.get("scarce", ())):
        typer.echo(f"! {line}")
    for person in answer["sample"]:
        typer.echo(f"  {person['id']} {person['name']}")
    if sql:
        typer.echo(f"\n{answer['sql']}\n")
        for name, value in answer["values"].items():
            typer.echo(f"  {name} = {value!r}")


def _in_words(session: Session, rules: Sequence[Condition], settings: Settings) -> tuple[Condition, ...]:
    """Let rules say the words of the quizzes; with a broken quiz file they say ids."""
    from core.quizzes import library_changes, loader
    from core.quizzes.problems import QuizError
    from core.segments.titles import spoken

    if not any("answers" in rule.reads for rule in rules):
        return tuple(rules)
    try:
        library = loader.load_folder(settings.quizzes_dir)
    except QuizError:
        return tuple(rules)
    library_changes.apply(session, library)
    return tuple(spoken(rule, library) for rule in rules)


def _preview(session: Session, rule: str, now: datetime, settings: Settings, sql: bool) -> dict[str, Any]:
    from core.segments import preview as ahead

    chosen = settings.language
    found = ahead.preview(session, rule, now, chosen, SAMPLE)
    answer: dict[str, Any] = {
        "size": found.size,
        "sentence": _in_words(session, [found.condition], settings)[0].sentence(chosen),
        "sample": [{"id": person.id, "name": person.name} for person in found.sample],
    }
    if found.lacking:
        answer["lacking"] = list(found.lacking)
    if found.scarce:
        answer["scarce"] = [one.sentence(chosen) for one in found.scarce]
    if sql:
        statement = ahead.compiled(session, rule, now)
        answer |= {"sql": statement.text, "values": statement.values}
    return answer


@app.command()
def refresh(
    as_of: Annotated[datetime | None, typer.Option(help="another moment than now, for old data")] = None,
    as_json: Json = False,
) -> None:
    """Bring every segment up to date, and scores before them where they are due."""
    from bot.database import opened
    from core import clock, tick
    from core.segments import presets
    from core.segments.refresh import refresh_all

    with opened() as (db, settings):
        now = as_of.replace(tzinfo=settings.zone) if as_of else clock.now()
        db.write_now(presets.install, now)
        tick.compute_due(db, now, settings)
        report = refresh_all(db, now)
    rows = [
        {"name": one.name, "size": one.size, "entered": one.entered, "left": one.left, "error": one.error}
        for one in report.segments
    ]
    if as_json:
        typer.echo(json.dumps({"seconds": round(report.seconds, 3), "segments": rows}, ensure_ascii=False))
        return
    for row in rows:
        typer.echo(f"{row['size']:>9}  +{row['entered']} −{row['left']}  {row['name']} {row['error'] or ''}")
    typer.echo(f"{report.people} people in {report.seconds:.2f} s")


@app.command()
def why(
    segment: str,
    person: Annotated[int, typer.Argument(help="the person's number, as preview and exports show it")],
    as_json: Json = False,
) -> None:
    """Why a person is in a segment, or not."""
    from bot.database import opened
    from core import clock
    from core.errors import KvizorError
    from core.segments import why as reasons

    with opened() as (db, settings):
        language = settings.language
        findings = db.read_now(reasons.why, person, segment, clock.now())
        told = db.read_now(_in_words, [one.condition for one in findings], settings)
        rows = [
            {
                "condition": condition.sentence(language),
                "found": one.found(language),
                "made_of": one.made_of(language),
                "holds": one.holds,
                "since": one.since.isoformat() if one.since else None,
                "change": one.change(language),
            }
            for one, condition in zip(findings, told, strict=True)
        ]
    if not rows:
        raise KvizorError(
            f"There is no person {person}; `kvizor segment preview` and exports show the numbers."
        )
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        found = ": ".join(str(row[part]) for part in ("found", "made_of") if row[part])
        typer.echo(f"{'✓' if row['holds'] else '✗'} {row['condition']} ({found})")
        typer.echo(f"    → {row['change']}")


app.command()(history_cli.history)
app.command()(history_cli.movement)
