"""Pictures of what an owner learns: a heat table, shares inside and outside, goods, segments by money."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.reports.charts import (
    DOWN,
    DPI,
    FAMILY_COLOURS,
    FOOT,
    HEAD,
    INK,
    PALE_INK,
    ROW,
    UP,
    WIDTH,
    head,
    new_figure,
    plain,
    png,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LINE = 0.42  # inches: the line below the title
LEFT, NARROW = 33.0, 25.0  # of 100: where the columns of a heat table begin, few or many
NAMES = 4.5  # where the names of rows begin
MANY = 6  # columns
HEADERS = 0.75  # inches
_EMPTY = {"ru": "Пока пусто", "en": "Nothing yet"}


@dataclass(frozen=True, slots=True)
class HeatCell:
    """A cell: the great figure, a small line below it, how dark (0 to 1), and what stands out."""

    text: str
    note: str = ""
    shade: float = 0.0
    mark: str = ""  # above | below | few


@dataclass(frozen=True, slots=True)
class HeatTable:
    """A table in words; lines of totals and of the unknown stand apart in grey."""

    title: str
    subtitle: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[HeatCell, ...], ...]
    grey_rows: frozenset[int] = frozenset()
    grey_columns: frozenset[int] = frozenset()
    foot: str = ""


def heat_chart(table: HeatTable, language: str) -> bytes:
    """Draw a cross-tab: darker where more, ▲ and ▼ where there are more or fewer than by chance; a PNG."""
    height = HEAD + LINE + HEADERS + len(table.rows) * 0.62 + FOOT + 0.1
    figure, axes = _page(table.title, table.subtitle, height)
    if not table.rows or not table.columns:
        axes.text(50, 0.5, _EMPTY[language], ha="center", va="center", color=PALE_INK, fontsize=18)
        return png(figure)
    top = HEAD + LINE + HEADERS
    axes.set_position((0.0, (FOOT + 0.1) / height, 1.0, 1 - (top + FOOT + 0.1) / height))
    axes.set_ylim(len(table.rows) - 0.5, -0.5)
    begin = LEFT if len(table.columns) < MANY else NARROW
    width = (98.0 - begin) / len(table.columns)
    size = 10.5 if len(table.columns) < MANY else 9.0
    for place, name in enumerate(table.columns):
        x = 0.01 * (begin + (place + 0.5) * width)
        tone = PALE_INK if place in table.grey_columns else INK
        figure.text(
            x, 1 - (HEAD + LINE + HEADERS / 2) / height, _heading(name, width, size), fontsize=size,
            color=tone, ha="center", va="center", parse_math=False, linespacing=1.05,
        )  # fmt: skip
    for row, name in enumerate(table.rows):
        _row_name(axes, row, name, begin, grey=row in table.grey_rows)
        for place, cell in enumerate(table.cells[row]):
            grey = row in table.grey_rows or place in table.grey_columns
            _cell(axes, row, begin + place * width, width, cell, grey=grey)
    if table.foot:
        figure.text(0.045, 0.16 / height, table.foot, fontsize=10.5, color=PALE_INK, va="center")
    return png(figure)


def _page(title: str, subtitle: str, height: float) -> tuple[Figure, Axes]:
    figure, axes = new_figure(height)
    head(figure, plain(title, 44), "")
    figure.text(
        0.045, 1 - 0.92 / height, plain(subtitle, 84), fontsize=12.5, color=INK, va="center", parse_math=False
    )
    axes.set_position((0.0, FOOT / height, 1.0, 1 - (HEAD + LINE + FOOT) / height))
    axes.set_xlim(0, 100)
    axes.axis("off")
    return figure, axes


def _row_name(axes: Axes, row: int, name: str, begin: float, *, grey: bool) -> None:
    lines = textwrap.wrap(plain(name, 40), 21 if begin == LEFT else 17)[:2]
    size = _fitting(max(map(len, lines), default=1), begin - NAMES, 11.0 if len(lines) > 1 else 12.5)
    words = "\n".join(lines)
    tone = PALE_INK if grey else INK
    axes.text(NAMES, row, words, fontsize=size, color=tone, va="center", parse_math=False, linespacing=1.05)


def _cell(axes: Axes, row: int, left: float, width: float, cell: HeatCell, *, grey: bool) -> None:
    colour = "#f3f4f6" if grey else _shade(cell.shade)
    axes.barh(row, width - 0.8, left=left + 0.4, height=0.9, color=colour)
    dark = cell.shade > 0.6 and not grey
    ink = "#ffffff" if dark else PALE_INK if grey or cell.mark == "few" else INK
    sign = {"above": " ▲", "below": " ▼"}.get(cell.mark, "")
    weight = "bold" if sign else "normal"
    y = row - (0.14 if cell.note else 0.0)
    size = _fitting(len(cell.text + sign), width, 12.5)
    axes.text(
        left + width / 2, y, cell.text + sign, fontsize=size, color=ink, ha="center", va="center",
        fontweight=weight, parse_math=False,
    )  # fmt: skip
    if cell.note:
        size = _fitting(len(cell.note), width, 9)
        axes.text(
            left + width / 2, row + 0.24, cell.note, fontsize=size, color=ink, ha="center", va="center",
            parse_math=False,
        )  # fmt: skip


def _heading(name: str, width: float, size: float) -> str:
    """Return the name of a column on at most three lines; a word too long for its column is hyphenated."""
    room = max(int((width - 0.4) / 100 * WIDTH / DPI * 72 / (0.62 * size)), 4)
    words: list[str] = []
    for word in plain(name, 40).split():
        while len(word) > room:
            half = room - 1 if len(word) >= 2 * room else (len(word) + 1) // 2
            words.append(f"{word[:half].removesuffix('-')}-")
            word = word[half:]
        words.append(word)
    return "\n".join(textwrap.wrap(" ".join(words), room, break_on_hyphens=False)[:3])


def _fitting(letters: int, width: float, size: float) -> float:
    """Return the size of letters, at most `size`, at which so many fit `width` hundredths of the page."""
    inches = (width - 1.4) / 100 * WIDTH / DPI
    return min(size, inches * 72 / (0.64 * max(letters, 1)))


def _shade(share: float) -> str:
    low, high = (0xEE, 0xF3, 0xFC), (0x2F, 0x5D, 0xBA)
    mixed = [round(a + (b - a) * min(max(share, 0.0), 1.0)) for a, b in zip(low, high, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


@dataclass(frozen=True, slots=True)
class TraitBar:
    """A trait: its share inside and outside, 0 to 1, and the difference in words."""

    title: str
    inside: float
    outside: float
    difference: str


def traits_chart(title: str, subtitle: str, bars: Sequence[TraitBar], legend: tuple[str, str]) -> bytes:
    """Draw what a segment has in common: two bars a trait, inside above outside; a PNG."""
    step = 0.74
    height = HEAD + LINE + 0.32 + max(len(bars), 1) * step + FOOT
    figure, axes = _page(title, subtitle, height)
    axes.set_position((0.0, FOOT / height, 1.0, 1 - (HEAD + LINE + 0.32 + FOOT) / height))
    axes.set_ylim(max(len(bars), 1) - 0.5, -0.5)
    y = 1 - (HEAD + LINE + 0.1) / height
    for x, words, colour in ((0.49, legend[0], FAMILY_COLOURS[0]), (0.66, legend[1], PALE_INK)):
        figure.text(x, y, f"■ {words}", fontsize=11, color=colour, va="center")
    for row, bar in enumerate(bars):
        words = "\n".join(textwrap.wrap(plain(bar.title, 66), 29)[:3])
        axes.text(4.5, row, words, fontsize=11.5, color=INK, va="center", parse_math=False, linespacing=1.05)
        for share, shift, colour in ((bar.inside, -0.19, FAMILY_COLOURS[0]), (bar.outside, 0.19, "#b8c0cc")):
            axes.barh(row + shift, max(26 * share, 0.35), left=49, height=0.32, color=colour)
            axes.text(
                50 + max(26 * share, 0.35), row + shift, f"{share:.0%}", fontsize=11, color=INK, va="center"
            )
        tone = UP if bar.inside > bar.outside else DOWN
        axes.text(96, row, bar.difference, fontsize=11.5, color=tone, ha="right", va="center")
    return png(figure)


@dataclass(frozen=True, slots=True)
class LinkBar:
    """Two numbers that go together: rho and where it truly lies, each from -1 to 1, and rho in words."""

    titles: tuple[str, str]
    rho: float
    interval: tuple[float, float]
    text: str


def links_chart(title: str, subtitle: str, bars: Sequence[LinkBar], ends: tuple[str, str]) -> bytes:
    """Draw connections on one line from -1 to 1 with their intervals; a PNG."""
    height = HEAD + LINE + 0.32 + max(len(bars), 2) * 0.62 + FOOT
    figure, axes = _page(title, subtitle, height)
    axes.set_position((0.0, FOOT / height, 1.0, 1 - (HEAD + LINE + 0.32 + FOOT) / height))
    axes.set_ylim(max(len(bars), 2) - 0.5, -0.5)
    middle, reach = 68.0, 19.0
    y = 1 - (HEAD + LINE + 0.1) / height
    for x, words, side in ((middle - 1, f"← {ends[0]}", "right"), (middle + 1, f"{ends[1]} →", "left")):
        figure.text(x / 100, y, words, fontsize=10, color=PALE_INK, va="center", ha=side)
    axes.plot((middle, middle), (-0.5, max(len(bars), 2) - 0.5), color="#d5dae1", linewidth=1)
    for row, bar in enumerate(bars):
        words = "\n".join(plain(one, 42) for one in bar.titles)
        axes.text(4.5, row, words, fontsize=11, color=INK, va="center", parse_math=False, linespacing=1.1)
        colour = UP if bar.rho > 0 else DOWN
        axes.barh(row, reach * bar.rho, left=middle, height=0.5, color=colour, alpha=0.75)
        low, high = (middle + reach * end for end in bar.interval)
        axes.plot((low, high), (row, row), color=INK, linewidth=1.4, solid_capstyle="butt")
        axes.text(96, row, bar.text, fontsize=12, fontweight="bold", color=INK, ha="right", va="center")
    return png(figure)


@dataclass(frozen=True, slots=True)
class RankBar:
    """A line of a ranking: its length 0 to 1, the figure on it and a note on the right."""

    title: str
    length: float
    text: str
    note: str = ""
    is_great: bool = False


def ranking_chart(
    title: str, subtitle: str, bars: Sequence[RankBar], language: str, notes: str = ""
) -> bytes:
    """Draw bars from the greatest down: goods by buyers, segments by money, groups by size; a PNG."""
    height = HEAD + LINE + max(len(bars), 2) * (ROW + 0.06) + FOOT
    figure, axes = _page(title, subtitle, height)
    axes.set_ylim(max(len(bars), 2) - 0.5, -0.5)
    if notes:
        figure.text(0.955, 1 - 0.48 / height, notes, fontsize=12, color=PALE_INK, ha="right", va="center")
    if not bars:
        axes.text(50, 0.5, _EMPTY[language], ha="center", va="center", color=PALE_INK, fontsize=18)
    for row, bar in enumerate(bars):
        words = "\n".join(textwrap.wrap(plain(bar.title, 54), 27)[:2])
        size = 11.0 if "\n" in words else 12.5
        axes.text(
            4.5, row, words, fontsize=size, color=INK, va="center", parse_math=False, linespacing=1.05,
            fontweight="bold" if bar.is_great else "normal",
        )  # fmt: skip
        axes.barh(row, 21, left=45, height=0.5, color="#f3f4f6")
        colour = FAMILY_COLOURS[5] if bar.is_great else FAMILY_COLOURS[0]
        axes.barh(row, max(21 * bar.length, 0.35), left=45, height=0.5, color=colour)
        axes.text(67.5, row, bar.text, fontsize=12, fontweight="bold", color=INK, va="center")
        axes.text(96, row, bar.note, fontsize=11, color=PALE_INK, ha="right", va="center", parse_math=False)
    return png(figure)
