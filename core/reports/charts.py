"""Charts for a phone: 1080 pixels wide, large letters, one palette; matplotlib is loaded when drawing."""

from __future__ import annotations

import io
import re
import textwrap
import unicodedata
from typing import TYPE_CHECKING, Any

from core.words import cut, grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from core.reports.overview import SegmentLine
    from core.reports.segment import Point

WIDTH = 1080  # pixels
DPI = 150
INK, PALE_INK, GRID, PAPER = "#1f2937", "#6b7280", "#e5e7eb", "#ffffff"
UP, DOWN = "#0f9d76", "#d1495b"
FAMILY_COLOURS = ("#3b6fd4", "#e08e2b", "#6d5bd0", "#0f9d93", "#c2527f", "#5b7083")
ROW, HEAD, FOOT = 0.5, 0.95, 0.4  # inches
LONGEST_TITLE, LONGEST_LINE = 50, 27  # characters
MOST_BARS = 24
HEADING = 1.75  # rows to the first line of the next family, where its title stands between
_MONTHS = {
    "ru": ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_WORDS = {
    "ru": ("Сегменты", "за 7 дней", "и ещё {count} поменьше", "пришли", "ушли", "Пока пусто", "сейчас"),
    "en": ("Segments", "over 7 days", "and {count} smaller ones", "came", "left", "Nothing yet", "now"),
}


def overview_chart(
    lines: Sequence[SegmentLine], language: str, families: Mapping[str, str] | None = None
) -> bytes:
    """Draw the sizes of the segments as bars with their change over 7 days; a PNG.

    Each family has its colour and, where its title is given, a heading.
    """
    shown = _largest(lines)
    title, week, more, *_, empty, _now = _WORDS[language]
    places = _rows(shown, bool(families)) or [2.0]
    height = (places[-1] + 1) * ROW + HEAD + FOOT
    figure, axes = new_figure(height)
    head(figure, title, week)
    axes.set_position((0.0, FOOT / height, 1.0, 1 - (HEAD + FOOT) / height))
    if shown:
        _bars(axes, shown, places, language)
        _headings(axes, shown, places, families or {})
    else:
        axes.text(0.5, 0.5, empty, ha="center", va="center", color=PALE_INK, fontsize=18)
    axes.axis("off")
    if len(lines) > len(shown):
        rest = more.format(count=len(lines) - len(shown))
        figure.text(0.045, 0.012, rest, fontsize=11, color=PALE_INK)
    return png(figure)


def segment_chart(points: Sequence[Point], title: str, language: str) -> bytes:
    """Draw the size of one segment over time, with who came and who left below; a PNG."""
    *_, came, gone, empty, now = _WORDS[language]
    figure, axes = new_figure(5.4)
    figure.text(
        0.055,
        0.925,
        plain(title, 40),
        fontsize=21,
        fontweight="bold",
        color=INK,
        va="center",
        parse_math=False,
    )
    if not points:
        axes.text(0.5, 0.5, empty, ha="center", va="center", color=PALE_INK, fontsize=18)
        axes.axis("off")
        return png(figure)
    figure.text(
        0.055, 0.85, f"{grouped(points[-1].size, language)} {now}", fontsize=15, color=FAMILY_COLOURS[0]
    )
    axes.set_position((0.125, 0.36, 0.83, 0.45))
    flow = figure.add_axes((0.125, 0.11, 0.83, 0.19))
    _size_line(axes, points, language)
    _flow_bars(flow, points, language, (came, gone))
    return png(figure)


def plain(text: str, most: int) -> str:
    """Return the text without emoji, which the bundled font shows as boxes, cut to `most` characters.

    >>> plain("🔥 Горячие 💎", 20), plain("Давно ничего не покупали", 10)
    ('Горячие', 'Давно нич…')
    """
    kept = "".join(letter for letter in text if _is_drawn(letter))
    kept = re.sub(r"\s+", " ", kept).strip()
    return cut(kept, most)


def _is_drawn(letter: str) -> bool:
    if letter in "₽€$№«»—–…’'":
        return True
    if ord(letter) > 0xFFFF or unicodedata.category(letter) in (
        "So",
        "Sk",
        "Cs",
        "Co",
        "Cn",
        "Cc",
        "Cf",
        "Me",
        "Mn",
    ):
        return letter.isspace()
    return ord(letter) < 0x2E80  # beyond are scripts the bundled font has no letters for


def signed(change: int | None, language: str) -> str:
    """Return a change with its sign; nothing for an unknown one.

    >>> signed(5, "en"), signed(0, "en"), signed(None, "en")
    ('+5', '0', '')
    """
    if change is None:
        return ""
    return ("+" if change > 0 else "") + grouped(change, language)


def _largest(lines: Sequence[SegmentLine]) -> list[SegmentLine]:
    """Return what fits on a phone: all, or the largest ones in the given order."""
    if len(lines) <= MOST_BARS:
        return list(lines)
    kept = {line.name for line in sorted(lines, key=lambda line: -line.size)[:MOST_BARS]}
    return [line for line in lines if line.name in kept]


def new_figure(height: float) -> tuple[Figure, Axes]:
    """Return an empty picture as wide as a phone and `height` inches high."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH / DPI, height), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_facecolor(PAPER)
    return figure, axes


def head(figure: Figure, title: str, note: str) -> None:
    """Write the title and, on the right, a note on one line."""
    height = figure.get_size_inches()[1]
    y = 1 - 0.48 / height
    figure.text(0.045, y, title, fontsize=22, fontweight="bold", color=INK, va="center", parse_math=False)
    figure.text(0.955, y, note, fontsize=12, color=PALE_INK, ha="right", va="center")


def _bars(axes: Axes, lines: Sequence[SegmentLine], places: Sequence[float], language: str) -> None:
    """Titles on the left, bars and sizes in the middle, changes on the right."""
    families = list(dict.fromkeys(line.family for line in lines))
    largest = max(line.size for line in lines) or 1
    axes.set_xlim(0, 100)
    axes.set_ylim(places[-1] + 0.5, -0.5)
    for line, row in zip(lines, places, strict=True):
        colour = FAMILY_COLOURS[families.index(line.family) % len(FAMILY_COLOURS)]
        stale = line.error is not None
        name = plain(line.title(language) or line.name, LONGEST_TITLE)
        name = "\n".join(textwrap.wrap(name, LONGEST_LINE))
        ink = PALE_INK if stale else INK
        axes.text(
            4.5, row, name, fontsize=11.5 if "\n" in name else 13, color=ink, va="center", parse_math=False
        )
        axes.barh(row, 22, left=48, height=0.5, color="#f3f4f6")
        if line.size:
            width = max(22.0 * line.size / largest, 0.35)
            axes.barh(row, width, left=48, height=0.5, color=colour, alpha=0.35 if stale else 1.0)
        size = grouped(line.size, language)
        axes.text(71.5, row, size, fontsize=13, fontweight="bold", color=ink, va="center")
        change = signed(line.change, language)
        axes.text(95.5, row, change, fontsize=12, color=_tone(line.change), ha="right", va="center")


def _rows(lines: Sequence[SegmentLine], headed: bool = False) -> list[float]:
    """Return where each line stands, with a gap between families, wider where a heading stands in it."""
    places: list[float] = []
    for position, line in enumerate(lines):
        is_first = not position or lines[position - 1].family != line.family
        gap = (HEADING if headed else 1.35) if is_first else 1.0
        places.append(places[-1] + gap if places else (0.6 if headed else 0.0))
    return places


def _headings(
    axes: Axes, lines: Sequence[SegmentLine], places: Sequence[float], titles: Mapping[str, str]
) -> None:
    """Write a family's title above its first line."""
    for position, (line, row) in enumerate(zip(lines, places, strict=True)):
        is_first = not position or lines[position - 1].family != line.family
        if is_first and line.family in titles:
            name = plain(titles[line.family], LONGEST_TITLE).upper()
            axes.text(4.5, row - 0.72, name, fontsize=10, color=PALE_INK, va="center", parse_math=False)


def _tone(change: int | None) -> str:
    if not change:
        return PALE_INK
    return UP if change > 0 else DOWN


def _size_line(axes: Axes, points: Sequence[Point], language: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    places = range(len(points))
    sizes = [point.size for point in points]
    axes.fill_between(places, sizes, color=FAMILY_COLOURS[0], alpha=0.12, linewidth=0)
    axes.plot(places, sizes, color=FAMILY_COLOURS[0], linewidth=2.6, solid_capstyle="round")
    axes.plot(places[-1], sizes[-1], "o", color=FAMILY_COLOURS[0], markersize=8)
    axes.set_ylim(0, max(*sizes, 4) * 1.12)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: grouped(int(value), language)))
    _frame(axes, len(points))
    axes.set_xticks([])


def _flow_bars(axes: Axes, points: Sequence[Point], language: str, names: tuple[str, str]) -> None:
    places = list(range(len(points)))
    axes.bar(places, [point.entered for point in points], color=UP, width=0.7)
    axes.bar(places, [-point.left for point in points], color=DOWN, width=0.7)
    reach = max(*(max(point.entered, point.left) for point in points), 1) * 1.25
    axes.set_ylim(-reach, reach)
    axes.set_yticks([])
    _frame(axes, len(points))
    axes.axhline(0, color=PALE_INK, linewidth=0.8)
    ticks = _ticks(len(points))
    axes.set_xticks(
        ticks, [day_words(points[place].day, language) for place in ticks], fontsize=12, color=PALE_INK
    )
    axes.text(
        -0.015, 0.76, names[0], transform=axes.transAxes, fontsize=11, color=UP, ha="right", va="center"
    )
    axes.text(
        -0.015, 0.24, names[1], transform=axes.transAxes, fontsize=11, color=DOWN, ha="right", va="center"
    )


def _frame(axes: Axes, count: int) -> None:
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.set_xlim(-0.7, max(count - 0.3, 1))
    axes.tick_params(length=0, labelsize=12, labelcolor=PALE_INK)
    axes.grid(axis="y", color=GRID, linewidth=0.9)
    axes.set_axisbelow(True)


def _ticks(count: int) -> list[int]:
    """Return about five places, the last day always among them."""
    step = max((count - 1) // 4, 1)
    return sorted(count - 1 - step * back for back in range(5) if count - 1 - step * back >= 0)


def day_words(day: date, language: str) -> str:
    """Return a day as one writes it on a picture: `1 Sep`."""
    return f"{day.day} {_MONTHS[language][day.month - 1]}"


def png(figure: Any) -> bytes:
    """Return the picture as a PNG file."""
    target = io.BytesIO()
    figure.savefig(target, format="png", facecolor=PAPER)
    return target.getvalue()
