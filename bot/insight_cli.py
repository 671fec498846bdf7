"""`kvizor insight …`: what there is to learn of the base, from the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.texts import Say
    from core.db import Database
    from core.reports.facets import Terms
    from core.reports.hidden import Group, Hidden
    from core.settings import Settings

app = typer.Typer(help="What there is to learn of the base.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="for scripts")]
Days = Annotated[int, typer.Option(min=0, max=3660, help="purchases of so many days; 0: all")]
Within = Annotated[str | None, typer.Option(help="a segment's name; default: everybody")]
Picture = Annotated[Path | None, typer.Option(help="write the picture, a PNG, here")]


def _terms(db: Database, settings: Settings) -> Terms:
    from core import clock
    from core.quizzes import library_changes, loader
    from core.quizzes.problems import QuizError
    from core.reports.facets import Terms

    try:
        library = loader.load_folder(settings.quizzes_dir)
        db.read_now(library_changes.apply, library)
    except QuizError:  # a broken file: answers keep their ids
        library = None
    return Terms(clock.now(), settings.currency, library)


def _tell(rows: list[list[Any]], summary: dict[str, Any], *, as_json: bool) -> None:
    """Print a table with its header, or all of it as JSON: one object a line of the table."""
    if as_json:
        head = [str(cell) for cell in rows[0]] if rows else []
        lines = [dict(zip(head, row, strict=True)) for row in rows[1:]]
        typer.echo(json.dumps({**summary, "rows": lines}, ensure_ascii=False, default=float))
        return
    cells = [[_cell(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    numbers = [all(not isinstance(cell, str) for cell in column) for column in zip(*rows[1:], strict=True)]
    for line in cells:
        places = zip(line, widths, numbers or [False] * len(line), strict=True)
        told = (cell.rjust(width) if right else cell.ljust(width) for cell, width, right in places)
        typer.echo("  ".join(told).rstrip())
    typer.echo("; ".join(f"{name} {_said(value)}" for name, value in summary.items()))


def _cell(cell: object) -> str:
    if cell is None:
        return "—"
    return f"{cell:.1%}" if isinstance(cell, float) else str(cell)


def _said(value: object) -> str:
    if isinstance(value, dict):
        value = [f"{name} ({reason})" for name, reason in value.items()]
    return ", ".join(map(str, value)) or "—" if isinstance(value, list | tuple) else str(value)


def _draw(picture: Path | None, settings: Settings, draw: Callable[[Say], bytes]) -> None:
    """Write the picture if one was asked for, in the owner's language."""
    if picture is not None:
        from bot.texts import Texts
        from bot.written import write_file

        write_file(picture, draw(Texts()[settings.language]))


@app.command()
def fields(as_json: Json = False) -> None:
    """What people can be told apart by: names for `kvizor insight cross`."""
    from bot.database import opened
    from core.reports.facet_list import titled

    with opened() as (db, settings):
        terms = _terms(db, settings)
        found = db.read_now(titled, terms.library)
    if as_json:
        rows = [{"field": name, "ru": ru, "en": en} for name, ru, en in found]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for name, ru, en in found:
        typer.echo(f"{name:<36} {en if settings.language == 'en' else ru}")


@app.command()
def cross(
    rows: Annotated[str, typer.Argument(help="a field, see `kvizor insight fields`")],
    columns: Annotated[str, typer.Argument(help="another field")],
    days: Days = 0,
    within: Within = None,
    measure: Annotated[
        str, typer.Option(help="of the picture: people, revenue, average or buyers")
    ] = "people",
    picture: Picture = None,
    as_json: Json = False,
) -> None:
    """People by two fields at once: count, revenue, average order, share of buyers, cells that stand out."""
    from bot.admin import insight_pictures as pictures
    from bot.database import opened
    from core.reports.crosstab import crosstab
    from core.reports.insight_tables import crosstab_rows

    if measure not in ("people", "revenue", "average", "buyers"):
        raise typer.BadParameter("people, revenue, average or buyers", param_hint="--measure")
    with opened() as (db, settings):
        found = crosstab(db, rows, columns, _terms(db, settings), days, within)
    _draw(picture, settings, lambda say: pictures.cross(say, found, measure, settings.currency))
    table = crosstab_rows(found, settings.currency, settings.language)
    _tell(table, {"base": found.base, "seconds": round(found.seconds, 2)}, as_json=as_json)


@app.command()
def common(segment: str, picture: Picture = None, as_json: Json = False) -> None:
    """What the people of a segment have in common, against the rest of the base."""
    from bot.admin import insight_pictures as pictures
    from bot.database import opened
    from core.reports.common import common as compare
    from core.reports.insight_tables import common_rows

    with opened() as (db, settings):
        found = compare(db, segment, _terms(db, settings))
    _draw(picture, settings, lambda say: pictures.traits(say, found))
    summary = {
        "size": found.size,
        "rest": found.rest,
        "too_small": found.is_too_small,
        "left_out": {one.facet: f"follows from {', '.join(one.because)}" for one in found.left_out},
        "too_few_known": [one.facet for one in found.too_few_known],
        "seconds": round(found.seconds, 2),
    }
    _tell(common_rows(found, settings.language), summary, as_json=as_json)


@app.command()
def goods(
    days: Days = 0,
    within: Within = None,
    category: Annotated[bool, typer.Option("--category", help="categories instead of products")] = False,
    together: Annotated[bool, typer.Option("--together", help="what the same people buy")] = False,
    picture: Picture = None,
    as_json: Json = False,
) -> None:
    """What people buy, who comes back for it, and what they buy beside it."""
    from bot.admin import insight_pictures as pictures
    from bot.database import opened
    from core import clock
    from core.reports.goods import goods as sold
    from core.reports.insight_tables import goods_rows, pair_rows

    with opened() as (db, settings):
        found = sold(db, clock.now(), days, within, "category" if category else "product")
    _draw(picture, settings, lambda say: pictures.sold(say, found, settings.currency))
    table = (
        pair_rows(found, settings.language)
        if together
        else goods_rows(found, settings.currency, settings.language)
    )
    summary = {"buyers": found.buyers, "different": found.different, "without_a_name": found.unnamed}
    _tell(table, {**summary, "pairs_looked_at": found.looked_at}, as_json=as_json)


@app.command()
def spend(days: Days = 0, picture: Picture = None, as_json: Json = False) -> None:
    """Which segments bring the money: revenue, orders and spend a head."""
    from bot.admin import insight_pictures as pictures
    from bot.database import opened
    from core import clock
    from core.reports.insight_tables import spend_rows
    from core.reports.spend import spend as by_segment

    with opened() as (db, settings):
        found = by_segment(db, clock.now(), days)
    _draw(picture, settings, lambda say: pictures.spending(say, found, "sum", settings.currency))
    summary = {"without_a_rate": found.unrated, "seconds": round(found.seconds, 2)}
    _tell(spend_rows(found, settings.currency, settings.language), summary, as_json=as_json)


@app.command()
def links(within: Within = None, picture: Picture = None, as_json: Json = False) -> None:
    """Which numbers of people go together: Spearman's rho. A connection is no cause."""
    from bot.admin import insight_pictures as pictures
    from bot.database import opened
    from core import clock
    from core.reports.correlations import correlations

    with opened() as (db, settings):
        found = correlations(db, clock.now(), within)
    _draw(picture, settings, lambda say: pictures.links(say, found))
    english = settings.language == "en"
    rows: list[list[Any]] = [["first", "second", "rho", "from", "to", "people"]]
    for pair in found.sure:
        numbers = [f"{number:+.3f}" for number in (pair.rho, *pair.interval)]
        rows.append([pair.first[english], pair.second[english], *numbers, pair.people])
    summary = {"people": found.people, "pairs_looked_at": len(found.pairs), "pairs_of_kin": found.kin}
    _tell(rows, summary, as_json=as_json)


@app.command()
def stages(picture: Picture = None, as_json: Json = False) -> None:
    """How far the whole base has come, and who they are: readers, prospects, customers, former ones."""
    from bot.admin import insight_pictures as pictures
    from bot.database import opened
    from core import clock
    from core.reports import kinds

    with opened() as (db, settings):
        found = kinds.stages(db, clock.now())
        split = db.read_now(kinds.composition, clock.now())
    _draw(picture, settings, lambda say: pictures.staged(say, found))
    rows: list[list[Any]] = [["stage", "here", "reached", "of_the_one_before", "from", "to"]]
    for stage in found.lines:
        low, high = stage.conversion.interval or (None, None)
        rows.append([stage.name, stage.here, stage.reached, stage.conversion.rate, low, high])
    _tell(rows, {"base": found.base, "never_came": found.unknown, **split}, as_json=as_json)


@app.command()
def hidden(
    keep: Annotated[
        str | None, typer.Option(help="make a group a segment: its number of this search, or its mark")
    ] = None,
    picture: Picture = None,
    as_json: Json = False,
) -> None:
    """Groups nobody has named, by k-means; says so where there are none."""
    from bot.admin import insight_pictures as pictures
    from bot.database import opened
    from core import clock
    from core.reports.hidden import hidden as look
    from core.reports.hidden_keep import keep as keep_group

    kept = None
    with opened() as (db, settings):
        found = look(db, _terms(db, settings))
        if keep is not None:
            kept = keep_group(db, found, _group(found, keep), clock.now())
    _draw(picture, settings, lambda say: pictures.groups(say, found))
    rows: list[list[Any]] = [["group", "mark", "people", "share", "title", "rule", "precision", "recall"]]
    for group in found.groups:
        rule = group.rule if group.has_rule else None
        told = (rule.rule, rule.precision, rule.recall) if rule else ("", None, None)
        head = [group.number, group.mark, group.people, group.share]
        rows.append([*head, group.title(settings.language), *told])
    about = found.clusters
    summary: dict[str, Any] = {"groups": len(found.groups), "fitted_on": found.fitted_on}
    if about is not None:
        summary |= {"silhouette": round(about.silhouette, 3), "without_groups": round(about.chance, 3)}
        summary["stability"] = round(about.stability, 3)
    if kept is not None:
        summary["kept_as"] = kept.name
    _tell(rows, summary, as_json=as_json)


def _group(found: Hidden, asked: str) -> Group:
    """Return the group of a number or a mark; raises KvizorError for one that was not found."""
    from core.errors import KvizorError

    group = found.marked(asked) or next((one for one in found.groups if str(one.number) == asked), None)
    if group is None:
        known = ", ".join(f"{one.number} ({one.mark})" for one in found.groups) or "none"
        raise KvizorError(f"There is no group {asked}; found now: {known}.")
    return group
