"""`kvizor insight …`: what there is to learn of the base, from the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from core.db import Database
    from core.reports.facets import Terms
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
        typer.echo(json.dumps({**summary, "rows": lines}, ensure_ascii=False))
        return
    for row in rows:
        typer.echo("  ".join(_cell(cell) for cell in row).rstrip())
    typer.echo("; ".join(f"{name} {value}" for name, value in summary.items()))


def _cell(cell: object) -> str:
    if cell is None:
        return f"{'—':>10}"
    if isinstance(cell, float):
        return f"{cell:>10.1%}"
    return f"{cell:>10}" if isinstance(cell, int) else f"{cell:<18}"


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
    from bot.database import opened
    from core.reports.crosstab import crosstab
    from core.reports.insight_tables import crosstab_rows

    if measure not in ("people", "revenue", "average", "buyers"):
        raise typer.BadParameter("people, revenue, average or buyers", param_hint="--measure")
    with opened() as (db, settings):
        found = crosstab(db, rows, columns, _terms(db, settings), days, within)
    if picture is not None:
        from bot.admin.insight_pictures import cross as draw
        from bot.texts import Texts

        picture.write_bytes(draw(Texts()[settings.language], found, measure, settings.currency))
    table = crosstab_rows(found, settings.currency, settings.language)
    _tell(table, {"base": found.base, "seconds": round(found.seconds, 2)}, as_json=as_json)


@app.command()
def common(segment: str, picture: Picture = None, as_json: Json = False) -> None:
    """What the people of a segment have in common, against the rest of the base."""
    from bot.database import opened
    from core.reports.common import common as compare
    from core.reports.insight_tables import common_rows

    with opened() as (db, settings):
        found = compare(db, segment, _terms(db, settings))
    if picture is not None:
        from bot.admin.insight_pictures import traits
        from bot.texts import Texts

        picture.write_bytes(traits(Texts()[settings.language], found))
    summary = {
        "size": found.size,
        "rest": found.rest,
        "too_small": found.is_too_small,
        "left_out": [titles[settings.language == "en"] for titles in found.left_out],
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
    from bot.database import opened
    from core import clock
    from core.reports.goods import goods as sold
    from core.reports.insight_tables import goods_rows, pair_rows

    with opened() as (db, settings):
        found = sold(db, clock.now(), days, within, "category" if category else "product")
    if picture is not None:
        from bot.admin.insight_pictures import sold as draw
        from bot.texts import Texts

        picture.write_bytes(draw(Texts()[settings.language], found, settings.currency))
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
    from bot.database import opened
    from core import clock
    from core.reports.insight_tables import spend_rows
    from core.reports.spend import spend as by_segment

    with opened() as (db, settings):
        found = by_segment(db, clock.now(), days)
    if picture is not None:
        from bot.admin.insight_pictures import spending
        from bot.texts import Texts

        picture.write_bytes(spending(Texts()[settings.language], found, "sum", settings.currency))
    summary = {"without_a_rate": found.unrated, "seconds": round(found.seconds, 2)}
    _tell(spend_rows(found, settings.currency, settings.language), summary, as_json=as_json)


@app.command()
def links(within: Within = None, as_json: Json = False) -> None:
    """Which numbers of people go together: Spearman's rho. A connection is no cause."""
    from bot.database import opened
    from core import clock
    from core.reports.correlations import correlations

    with opened() as (db, settings):
        found = correlations(db, clock.now(), within)
    english = settings.language == "en"
    rows: list[list[Any]] = [["first", "second", "rho", "from", "to", "people"]]
    for pair in found.sure:
        numbers = [f"{number:+.3f}" for number in (pair.rho, *pair.interval)]
        rows.append([pair.first[english], pair.second[english], *numbers, pair.people])
    _tell(rows, {"people": found.people, "pairs_looked_at": len(found.pairs)}, as_json=as_json)


@app.command()
def stages(as_json: Json = False) -> None:
    """How far the whole base has come, and who they are: readers, prospects, customers, former ones."""
    from bot.database import opened
    from core import clock
    from core.reports import kinds

    with opened() as (db, _):
        found = kinds.stages(db, clock.now())
        split = db.read_now(kinds.composition, clock.now())
    rows: list[list[Any]] = [["stage", "here", "reached", "of_the_one_before", "from", "to"]]
    for stage in found.lines:
        low, high = stage.conversion.interval or (None, None)
        rows.append([stage.name, stage.here, stage.reached, stage.conversion.rate, low, high])
    _tell(rows, {"base": found.base, "never_came": found.unknown, **split}, as_json=as_json)


@app.command()
def hidden(
    keep: Annotated[int | None, typer.Option(help="make the group of this number a segment")] = None,
    as_json: Json = False,
) -> None:
    """Groups nobody has named, by k-means; says so where there are none."""
    from bot.database import opened
    from core import clock
    from core.errors import KvizorError
    from core.reports.hidden import hidden as look
    from core.reports.hidden_keep import keep as keep_group

    kept = None
    with opened() as (db, settings):
        found = look(db, _terms(db, settings))
        if keep is not None:
            if not 1 <= keep <= len(found.groups):
                raise KvizorError(f"There is no group {keep}; {len(found.groups)} were found.")
            kept = keep_group(db, found, found.groups[keep - 1], clock.now())
    rows: list[list[Any]] = [["group", "people", "share", "title", "rule", "precision", "recall"]]
    for number, group in enumerate(found.groups, 1):
        rule = group.rule if group.has_rule else None
        told = (rule.rule, rule.precision, rule.recall) if rule else ("", None, None)
        rows.append([number, group.people, group.share, group.title(settings.language), *told])
    about = found.clusters
    summary: dict[str, Any] = {"groups": len(found.groups), "fitted_on": found.fitted_on}
    if about is not None:
        summary |= {"silhouette": round(about.silhouette, 3), "without_groups": round(about.chance, 3)}
        summary["stability"] = round(about.stability, 3)
    if kept is not None:
        summary["kept_as"] = kept.name
    _tell(rows, summary, as_json=as_json)
