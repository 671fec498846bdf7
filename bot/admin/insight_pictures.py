"""Reports of what an owner learns, turned into what the pictures show."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

from bot.admin.insight_words import (
    before_value,
    between,
    field_title,
    major,
    money,
    points,
    question,
    rho,
    short,
    stage_key,
)
from core.reports.charts_insights import (
    HeatCell,
    HeatTable,
    LinkBar,
    RankBar,
    TraitBar,
    heat_chart,
    links_chart,
    ranking_chart,
    traits_chart,
)
from core.reports.crosstab_rows import OTHER, TOTAL, UNKNOWN
from core.reports.kin import are_kin
from core.reports.rates import FEW
from core.sales.money import sign
from core.words import percent

if TYPE_CHECKING:
    from bot.texts import Say
    from core.reports.common import Common, Trait
    from core.reports.correlations import Correlations
    from core.reports.crosstab import CrossTab
    from core.reports.goods import Goods
    from core.reports.hidden import Hidden
    from core.reports.kinds import Stages
    from core.reports.spend import SegmentSpend, Spend

MOST_BARS, MOST_TRAITS, MOST_LINKS = 14, 10, 10
MOST_LETTERS = 40  # of a title beside its value
EACH_FIELD = 2  # traits of one field shown: its other values say the same again
FEW_ORDERS = 10  # orders below which their average says little
NEARLY_ALL = 0.9  # of the base: such a segment tells nothing of who brings the money


def cross(say: Say, found: CrossTab, measure: str, currency: str) -> bytes:
    """Draw a cross-tab by one measure."""
    language, english = say.language, say.language == "en"
    rows = [*found.rows.words, (TOTAL, say("insights-all"), say("insights-all"))]
    columns = [*found.columns.words, (TOTAL, say("insights-all"), say("insights-all"))]
    inner = [place for place in found.cells if not {TOTAL, UNKNOWN, OTHER} & set(place)]
    most = max((_weight(found, place, measure) for place in inner), default=0) or 1
    cells = tuple(
        tuple(_cell(say, found, row[0], column[0], measure, currency, most) for column in columns)
        for row in rows
    )
    grey = (UNKNOWN, TOTAL)
    first = field_title(say, found.rows.name, found.rows.titles)
    second = field_title(say, found.columns.name, found.columns.titles)
    unit = f", {sign(currency)}" if measure in ("revenue", "average") else ""
    table = HeatTable(
        title=unescape(say(f"insights-measure-{measure}")),
        subtitle=f"{first} × {second}, {unescape(say('insights-period', days=found.days))}{unit}",
        rows=tuple(row[1 + english] for row in rows),
        columns=tuple(column[1 + english] for column in columns),
        cells=cells,
        grey_rows=frozenset(place for place, row in enumerate(rows) if row[0] in grey),
        grey_columns=frozenset(place for place, column in enumerate(columns) if column[0] in grey),
        foot=unescape(say(f"insights-cross-foot-{measure}")),
    )
    return heat_chart(table, language)


def _weight(found: CrossTab, place: tuple[str, str], measure: str) -> float:
    """Return what makes a cell dark: its share of the row, or its figure."""
    cell = found.cell(*place)
    match measure:
        case "revenue":
            return cell.revenue
        case "average":
            return (cell.average or 0.0) if cell.orders >= FEW_ORDERS else 0.0
        case "buyers":
            return cell.buyers_share or 0.0
    return cell.people / max(found.cell(place[0], TOTAL).people, 1)


def _cell(
    say: Say, found: CrossTab, row: str, column: str, measure: str, currency: str, most: float
) -> HeatCell:
    cell, language = found.cell(row, column), say.language
    shade = _weight(found, (row, column), measure) / most
    if not cell.people:
        return HeatCell("·")
    match measure:
        case "revenue":
            return HeatCell(short(major(cell.revenue, currency), language), shade=shade)
        case "average":
            few = "few" if cell.orders < FEW_ORDERS else ""
            if cell.average is None:
                return HeatCell("—", shade=0)
            note = say("insights-orders", count=short(cell.orders, language))
            return HeatCell(short(major(cell.average, currency), language), note, shade, few)
        case "buyers":
            note = say("insights-of", count=cell.people)
            few = "few" if cell.people < FEW else ""
            return HeatCell(percent(cell.buyers_share, language), note, shade, few)
    line = found.cell(row, TOTAL).people
    note = percent(cell.people / line, language) if line and column != TOTAL else ""
    return HeatCell(short(cell.people, language), note, shade, cell.verdict)


def telling(found: Common) -> list[Trait]:
    """Return the sure traits worth showing: at most two of one field and its kin, the greatest first."""
    shown: list[Trait] = []
    for trait in found.sure:
        if sum(are_kin(other.facet, trait.facet) for other in shown) < EACH_FIELD:
            shown.append(trait)
    return shown[:MOST_TRAITS]


def traits(say: Say, found: Common) -> bytes:
    """Draw what a segment has in common."""
    english = say.language == "en"
    bars = [
        TraitBar(
            f"{before_value(trait.titles[english], MOST_LETTERS)} {trait.value[english]}",
            trait.inside.rate or 0.0,
            trait.outside.rate or 0.0,
            unescape(say("insights-points", points=points(trait.interval, say.language))),
        )
        for trait in telling(found)
    ]
    subtitle = unescape(say("insights-common-subtitle", title=found.titles[english], size=found.size))
    legend = unescape(say("insights-inside")), unescape(say("insights-outside"))
    return traits_chart(unescape(say("insights-common-title")), subtitle, bars, legend)


def sold(say: Say, found: Goods, currency: str) -> bytes:
    """Draw the goods with most buyers."""
    most = max((good.buyers for good in found.lines), default=0) or 1
    bars = [
        RankBar(
            good.name,
            good.buyers / most,
            short(good.buyers, say.language),
            f"{money(good.revenue, currency, say.language)} · {percent(good.repeat.rate, say.language)}",
        )
        for good in found.lines[:MOST_BARS]
    ]
    subtitle = unescape(say("insights-goods-subtitle", period=say("insights-period", days=found.days)))
    title = unescape(say(f"insights-goods-title-{found.by}"))
    return ranking_chart(title, subtitle, bars, say.language)


def richest(found: Spend, by: str) -> list[SegmentSpend]:
    """Return the segments worth ranking: not nearly the whole base, and not themselves about purchases."""
    whole = found.everybody.people or 1
    lines = [
        line
        for line in found.lines
        if line.people < NEARLY_ALL * whole and line.revenue > 0 and not line.is_about_purchases
    ]
    if by == "head":
        lines = [line for line in lines if line.people >= FEW]
        lines.sort(key=lambda line: -(line.a_head or 0))
    return lines


def spending(say: Say, found: Spend, by: str, currency: str) -> bytes:
    """Draw the segments by revenue or by spend a head, the whole base below them."""
    english, language = say.language == "en", say.language
    lines = [*richest(found, by)[: MOST_BARS - 1], found.everybody]
    values = [(line.a_head or 0.0) if by == "head" else float(line.revenue) for line in lines]
    most = max(values, default=0.0) or 1.0
    whole = found.everybody.revenue or 1
    bars = [
        RankBar(
            line.titles[english],
            value / most,
            money(value, currency, language),
            unescape(say("insights-people", count=line.people))
            if by == "head"
            else f"{percent(line.revenue / whole, language)} · {short(line.people, language)}",
            is_great=line is found.everybody,
        )
        for line, value in zip(lines, values, strict=True)
    ]
    subtitle = unescape(say(f"insights-spend-subtitle-{by}", period=say("insights-period", days=found.days)))
    return ranking_chart(unescape(say("insights-spend-title")), subtitle, bars, language)


def staged(say: Say, found: Stages) -> bytes:
    """Draw how far the whole base has come."""
    base = found.base or 1
    bars = [
        RankBar(
            unescape(say(stage_key(stage.name))),
            stage.reached / base,
            short(stage.reached, say.language),
            f"{percent(stage.conversion.rate, say.language)} ({between(stage.conversion, say.language)})",
        )
        for stage in found.lines
    ]
    subtitle = unescape(say("insights-stages-subtitle"))
    return ranking_chart(unescape(say("insights-stages-title")), subtitle, bars, say.language)


def groups(say: Say, found: Hidden) -> bytes:
    """Draw the hidden groups by size."""
    most = max((group.people for group in found.groups), default=0) or 1
    bars = [
        RankBar(
            f"{group.number}. {', '.join(word[say.language == 'en'] for word in group.words[:2])}",
            group.people / most,
            short(group.people, say.language),
            percent(group.share, say.language),
        )
        for group in found.groups
    ]
    subtitle = unescape(say("insights-hidden-subtitle", count=len(found.groups)))
    return ranking_chart(unescape(say("insights-hidden-title")), subtitle, bars, say.language)


def links(say: Say, found: Correlations) -> bytes:
    """Draw which numbers go together: to the right both grow, to the left one falls as the other grows."""
    english = say.language == "en"
    bars = [
        LinkBar(
            (question(pair.first[english]), question(pair.second[english])),
            pair.rho,
            pair.interval,
            rho(pair.rho, say.language),
        )
        for pair in found.sure[:MOST_LINKS]
    ]
    return links_chart(
        unescape(say("insights-links-title")),
        unescape(say("insights-links-subtitle", people=found.people)),
        bars,
        (unescape(say("insights-links-less")), unescape(say("insights-links-more"))),
    )
