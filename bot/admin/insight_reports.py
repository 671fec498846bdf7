"""Which report a button means: counted in a thread, returned with its picture, words and buttons.

Reports that need numpy are imported when they are asked for: a bot nobody asks carries none of it.
"""

from __future__ import annotations

import asyncio
from html import unescape
from typing import TYPE_CHECKING, Literal

from bot.admin import insight_pictures as pictures
from bot.admin import insight_texts as texts
from bot.admin import insight_views as views
from bot.admin.insight_texts import Shown
from bot.admin.insight_words import MEASURES, code, stage_key
from core.reports import common, crosstab, facet_list, insight_tables, kinds, spend
from core.reports.csv_table import as_csv, separator_of
from core.reports.facets import Terms
from core.reports.xlsx import workbook
from core.segments import rules
from core.segments.errors import SegmentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.admin.insight_callbacks import InsightTap
    from bot.turn import Turn
    from core.reports.goods import Goods
    from core.reports.xlsx import Cell

SHEETS = {"ru": ("Отчёт", "Берут вместе"), "en": ("Report", "Together")}
__all__ = ["Shown", "field_of", "report", "tables", "written"]


def field_of(fields: Sequence[tuple[str, str, str]], wanted: str) -> tuple[str, str, str] | None:
    """Return the field a button means, or None if it is gone."""
    return next((field for field in fields if code(field[0]) == wanted), None)


async def report(turn: Turn, tap: InsightTap) -> Shown:
    """Count a report and draw it. Raises SegmentError for a field or segment that is gone."""
    return await asyncio.to_thread(_report, turn, tap)


async def tables(turn: Turn, tap: InsightTap) -> bytes:
    """Return a report as a file. Raises SegmentError for a field or segment that is gone."""
    return await written(turn, tap, await asyncio.to_thread(_sheets, turn, tap))


async def written(turn: Turn, tap: InsightTap, sheets: list[list[list[Cell]]]) -> bytes:
    """Return tables as the file that was asked for: a CSV holds the first of them."""
    if tap.act == "csv":
        return await asyncio.to_thread(as_csv, sheets[0], separator_of(turn.say.language))
    names = SHEETS[turn.say.language]
    return await asyncio.to_thread(workbook, dict(zip(names, sheets, strict=False)))


def _terms(turn: Turn) -> Terms:
    return Terms(turn.now, turn.settings.currency, turn.library)


def _report(turn: Turn, tap: InsightTap) -> Shown:
    say, currency = turn.say, turn.settings.currency
    match tap.report:
        case "cross":
            tap = tap if tap.what in MEASURES else tap.model_copy(update={"what": MEASURES[0]})
            table = _cross(turn, tap)
            picture = pictures.cross(say, table, tap.what, currency)
            return Shown(texts.cross_text(say, table), views.cross_keyboard(say, tap), picture)
        case "common":
            traits = common.common(turn.db, _segment(turn, tap), _terms(turn))
            is_shown = bool(pictures.telling(traits))
            drawn = pictures.traits(say, traits) if is_shown else None
            buttons = views.report_keyboard(say, tap, periods=False, files=is_shown)
            return Shown(texts.common_text(say, traits), buttons, drawn)
        case "goods" | "pairs":
            return _of_goods(turn, tap)
        case "spend":
            by = "head" if tap.what == "head" else "sum"
            tap = tap.model_copy(update={"what": by})
            money = spend.spend(turn.db, turn.now, tap.days)
            choices = (("sum", "insights-button-sum"), ("head", "insights-button-head"))
            ranked = pictures.spending(say, money, by, currency) if pictures.richest(money, by) else None
            buttons = views.report_keyboard(say, tap, choices)
            return Shown(texts.spend_text(say, money, by, currency), buttons, ranked)
        case "stages":
            way = kinds.stages(turn.db, turn.now)
            split = turn.db.read_now(kinds.composition, turn.now)
            buttons = views.report_keyboard(say, tap, periods=False)
            return Shown(texts.stages_text(say, way, split), buttons, pictures.staged(say, way))
        case "links":
            from core.reports import correlations

            links = correlations.correlations(turn.db, turn.now)
            buttons = views.report_keyboard(say, tap, periods=False, files=bool(links.pairs))
            drawn = pictures.links(say, links) if links.sure else None
            return Shown(texts.links_text(say, links), buttons, drawn)
    raise SegmentError(f"there is no report `{tap.report}`")


def _of_goods(turn: Turn, tap: InsightTap) -> Shown:
    say = turn.say
    by: Literal["product", "category"] = "category" if tap.what == "category" else "product"
    tap = tap.model_copy(update={"what": by})
    found = _goods(turn, tap.days, by)
    choices = (("product", "insights-button-product"), ("category", "insights-button-category"))
    buttons = views.goods_keyboard(say, tap, choices)
    if tap.report == "pairs":
        return Shown(texts.pairs_text(say, found), buttons, None)
    drawn = pictures.sold(say, found, turn.settings.currency) if found.lines else None
    return Shown(texts.goods_text(say, found), buttons, drawn)


def _goods(turn: Turn, days: int, by: Literal["product", "category"]) -> Goods:
    from core.reports import goods

    return goods.goods(turn.db, turn.now, days, by=by)


def _cross(turn: Turn, tap: InsightTap) -> crosstab.CrossTab:
    fields = turn.db.read_now(facet_list.titled, turn.library)
    first, second = field_of(fields, tap.first), field_of(fields, tap.second)
    if first is None or second is None:
        raise SegmentError("a field of this table is gone")
    return crosstab.crosstab(turn.db, first[0], second[0], _terms(turn), tap.days)


def _segment(turn: Turn, tap: InsightTap) -> str:
    return turn.db.read_now(rules.by_number, tap.number).name


def _sheets(turn: Turn, tap: InsightTap) -> list[list[list[Cell]]]:
    language, currency = turn.say.language, turn.settings.currency
    match tap.report:
        case "cross":
            return [insight_tables.crosstab_rows(_cross(turn, tap), currency, language)]
        case "common":
            traits = common.common(turn.db, _segment(turn, tap), _terms(turn))
            return [insight_tables.common_rows(traits, language)]
        case "goods" | "pairs":
            by: Literal["product", "category"] = "category" if tap.what == "category" else "product"
            found = _goods(turn, tap.days, by)
            sold = insight_tables.goods_rows(found, currency, language)
            pairs = insight_tables.pair_rows(found, language)
            return [sold, pairs] if tap.report == "goods" else [pairs, sold]
        case "spend":
            return [insight_tables.spend_rows(spend.spend(turn.db, turn.now, tap.days), currency, language)]
        case "stages":
            names = {name: unescape(turn.say(stage_key(name))) for name in kinds.STAGES}
            return [insight_tables.stage_rows(kinds.stages(turn.db, turn.now), names, language)]
        case "links":
            from core.reports import correlations

            return [insight_tables.link_rows(correlations.correlations(turn.db, turn.now), language)]
    raise SegmentError(f"there is no table of `{tap.report}`")
