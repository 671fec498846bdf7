"""What an owner learns as tables for a spreadsheet.

Counts are whole numbers, shares floats, all other numbers Decimals: whoever writes the table gives each its
form, and a number is never a text.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from core.reports.crosstab_rows import TOTAL
from core.sales.money import major

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.reports.common import Common
    from core.reports.correlations import Correlations
    from core.reports.crosstab import CrossTab
    from core.reports.goods import Goods
    from core.reports.hidden import Hidden
    from core.reports.kinds import Stages
    from core.reports.spend import SegmentSpend, Spend
    from core.reports.xlsx import Cell

_CROSS = {
    "ru": (
        "Люди", "Доля строки", "Покупатели", "Заказы", "Выручка", "Средний заказ", "Ожидалось людей",
        "Остаток",
        "Вывод",
    ),
    "en": (
        "People", "Share of the row", "Buyers", "Orders", "Revenue", "Average order", "Expected people",
        "Residual", "Verdict",
    ),
}  # fmt: skip
VERDICTS = {
    "ru": {"above": "больше обычного", "below": "меньше обычного", "usual": "как обычно",
           "few": "мало данных", "untested": ""},
    "en": {"above": "more than usual", "below": "fewer than usual", "usual": "as usual", "few": "few data",
           "untested": ""},
}  # fmt: skip
_ALL = {"ru": "Все", "en": "All"}
_COMMON = {
    "ru": ("Признак", "Значение", "Внутри", "Из них известно", "Снаружи", "Из них известно ", "Доля внутри",
           "Доля снаружи", "Разница", "Разница от", "Разница до", "Во сколько раз чаще", "p", "Не случайно"),
    "en": ("Trait", "Value", "Inside", "Known inside", "Outside", "Known outside", "Share inside",
           "Share outside", "Difference", "Difference from", "Difference to", "Lift", "p", "No accident"),
}  # fmt: skip
_SPEND = {
    "ru": ("Сегмент", "Люди", "Покупатели", "Заказы", "Выручка", "На человека", "Средний заказ",
           "Доля покупателей", "Доля выручки базы", "Сам про покупки"),
    "en": ("Segment", "People", "Buyers", "Orders", "Revenue", "A head", "Average order", "Share of buyers",
           "Share of all revenue", "Is about purchases"),
}  # fmt: skip
_GOODS = {
    "ru": ("Товар", "Покупатели", "Заказы", "Выручка", "Купили снова", "Доля купивших снова",
           "Доля от (95 %)", "Доля до (95 %)"),
    "en": ("Good", "Buyers", "Orders", "Revenue", "Bought again", "Share bought again", "Share from (95%)",
           "Share to (95%)"),
}  # fmt: skip
_PAIRS = {
    "ru": ("Покупают", "И вместе с этим", "Людей", "Поддержка", "Достоверность", "Лифт", "Лифт от",
           "Лифт до"),
    "en": ("Who buys", "Also buys", "People", "Support", "Confidence", "Lift", "Lift from", "Lift to"),
}  # fmt: skip
_STAGES = {
    "ru": ("Шаг", "Стоят на нём", "Дошли сюда или дальше", "Доля от предыдущего шага", "Доля от (95 %)",
           "Доля до (95 %)"),
    "en": ("Stage", "Stand at it", "Came here or beyond", "Share of the stage before", "Share from (95%)",
           "Share to (95%)"),
}  # fmt: skip
_LINKS = {
    "ru": ("Первое", "Второе", "Сила связи", "От (95 %)", "До (95 %)", "Людей", "Не случайно"),
    "en": ("First", "Second", "Strength", "From (95%)", "To (95%)", "People", "No accident"),
}
_HIDDEN = {
    "ru": ("Группа", "Чем отличается", "Людей", "Доля базы", "Правило", "Из найденных — свои",
           "Из своих — найдены"),
    "en": ("Group", "What tells it apart", "People", "Share of the base", "Rule", "Found who belong to it",
           "Who belong to it found"),
}  # fmt: skip
_YES = {"ru": "да", "en": "yes"}


def money(minor: float | None, currency: str) -> Decimal | None:
    """Return an amount for a table: a number in whole units with its hundredths."""
    return None if minor is None else major(round(minor), currency)


def number(value: float | None, digits: int = 2) -> Decimal | None:
    """Return a number that is no share, with so many digits after the point.

    >>> number(-0.394), number(17.6, 1)
    (Decimal('-0.39'), Decimal('17.6'))
    """
    return None if value is None else Decimal(f"{value:.{digits}f}")


def crosstab_rows(found: CrossTab, currency: str, language: str) -> list[list[Cell]]:
    """Return every cell as a row of its own, totals last."""
    english = language == "en"
    rows: list[list[Cell]] = [[found.rows.titles[english], found.columns.titles[english], *_CROSS[language]]]
    total = (TOTAL, _ALL["ru"], _ALL["en"])
    for row in (*found.rows.words, total):
        for column in (*found.columns.words, total):
            cell, line = found.cell(row[0], column[0]), found.cell(row[0], TOTAL)
            rows.append(
                [
                    row[1 + english], column[1 + english], cell.people,
                    cell.people / line.people if line.people else None, cell.buyers, cell.orders,
                    money(cell.revenue, currency), money(cell.average, currency),
                    number(cell.expected, 1), number(cell.residual), VERDICTS[language][cell.verdict],
                ]
            )  # fmt: skip
    return rows


def common_rows(found: Common, language: str) -> list[list[Cell]]:
    """Return every trait compared, the sure ones first."""
    english = language == "en"
    rows: list[list[Cell]] = [list(_COMMON[language])]
    for trait in found.traits:
        low, high = trait.interval
        rows.append(
            [
                trait.titles[english], trait.value[english], trait.inside.count, trait.inside.of,
                trait.outside.count, trait.outside.of, trait.inside.rate, trait.outside.rate,
                trait.difference, low, high, number(trait.lift), number(trait.p_value, 6),
                _YES[language] if trait.is_sure else "",
            ]
        )  # fmt: skip
    return rows


def spend_rows(found: Spend, currency: str, language: str) -> list[list[Cell]]:
    """Return the segments by revenue, the whole base last."""
    rows: list[list[Cell]] = [list(_SPEND[language])]
    return rows + [_spend_row(line, found, currency, language) for line in (*found.lines, found.everybody)]


def _spend_row(line: SegmentSpend, found: Spend, currency: str, language: str) -> list[Cell]:
    whole = found.everybody.revenue
    return [
        line.titles[language == "en"], line.people, line.buyers, line.orders, money(line.revenue, currency),
        money(line.a_head, currency), money(line.average, currency), line.buyers_share.rate,
        line.revenue / whole if whole else None, _YES[language] if line.is_about_purchases else "",
    ]  # fmt: skip


def goods_rows(found: Goods, currency: str, language: str) -> list[list[Cell]]:
    """Return the goods by buyers."""
    rows: list[list[Cell]] = [list(_GOODS[language])]
    for good in found.lines:
        low, high = good.repeat.interval or (None, None)
        rows.append(
            [good.name, good.buyers, good.orders, money(good.revenue, currency), good.again,
             good.repeat.rate, low, high]
        )  # fmt: skip
    return rows


def pair_rows(found: Goods, language: str) -> list[list[Cell]]:
    """Return what is bought together."""
    rows: list[list[Cell]] = [list(_PAIRS[language])]
    for pair in found.pairs:
        lift = (number(one) for one in (pair.lift, *pair.interval))
        rows.append([pair.first, pair.second, pair.both, pair.support, pair.confidence, *lift])
    return rows


def stage_rows(found: Stages, names: Mapping[str, str], language: str) -> list[list[Cell]]:
    """Return the stages of the base in their order; `names` are what they are called."""
    rows: list[list[Cell]] = [list(_STAGES[language])]
    for stage in found.lines:
        low, high = stage.conversion.interval or (None, None)
        rows.append([names[stage.name], stage.here, stage.reached, stage.conversion.rate, low, high])
    return rows


def link_rows(found: Correlations, language: str) -> list[list[Cell]]:
    """Return every pair looked at, the sure ones first, the strongest on top."""
    english = language == "en"
    rows: list[list[Cell]] = [list(_LINKS[language])]
    for pair in found.pairs:
        strength = (number(one) for one in (pair.rho, *pair.interval))
        sure = _YES[language] if pair.is_sure else ""
        rows.append([pair.first[english], pair.second[english], *strength, pair.people, sure])
    return rows


def hidden_rows(found: Hidden, language: str) -> list[list[Cell]]:
    """Return the groups by size; a rule only where it finds nearly the same people."""
    rows: list[list[Cell]] = [list(_HIDDEN[language])]
    for group in found.groups:
        rule = group.rule if group.has_rule else None
        told = (rule.rule, rule.precision, rule.recall) if rule is not None else ("", None, None)
        rows.append([group.number, group.title(language), group.people, group.share, *told])
    return rows
