"""The picture of the scores: the RFM grid with the buyers of each cell, and the stages of life as bars."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from core.reports.charts import INK, PALE_INK, PAPER, head, new_figure, plain, png
from core.segments.scores.fields import LIFECYCLE_WORDS, RFM_WORDS
from core.words import grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes

# One colour a cell of the map: from those who come often and lately to those who are gone.
_COLOURS = {
    "champions": "#0f9d76",
    "loyal": "#4fb892",
    "potential_loyalists": "#8ecfb5",
    "new": "#7aa7e8",
    "promising": "#b3cdf2",
    "need_attention": "#f2d58c",
    "about_to_sleep": "#f0bd7a",
    "at_risk": "#e89a6b",
    "cant_lose": "#d1495b",
    "hibernating": "#c9ced6",
}
_LIFE_COLOURS = {
    "prospect": "#b3cdf2",
    "new": "#7aa7e8",
    "active": "#4fb892",
    "vip": "#0f9d76",
    "at_risk": "#e89a6b",
    "lapsed": "#c9ced6",
}
_WORDS = {
    "ru": (
        "Оценки",
        "Покупатели: давность и частота",
        "Этапы жизни",
        "последняя покупка раньше",
        "позже",
        "чаще",
        "реже",
    ),
    "en": (
        "Scores",
        "Buyers: recency and frequency",
        "Stages of life",
        "last purchase earlier",
        "later",
        "often",
        "rarely",
    ),
}
_HEIGHT = 11.2  # inches
_LINE = 13  # letters of a name over one square
Grid = tuple[tuple[str, ...], ...]  # names of cells: a row an R from 1, a place an F from 1


def scores_chart(
    grid: Sequence[Sequence[int]], names: Grid, states: Mapping[str, int], language: str, note: str
) -> bytes:
    """Draw the grid (R from 5 to 1, F from 1 to 5, as it is counted) and the states; a PNG."""
    title, buyers, life, old, late, often, seldom = _WORDS[language]
    figure, axes = new_figure(_HEIGHT)
    head(figure, title, note)
    axes.set_xlim(0, 100)
    axes.set_ylim(100, 0)
    axes.axis("off")
    axes.text(4.5, 10.5, buyers, fontsize=16, fontweight="bold", color=INK, va="center")
    _map(axes, grid, names, language)
    axes.text(11, 56.5, old, fontsize=11, color=PALE_INK, va="center")
    axes.text(95.5, 56.5, late, fontsize=11, color=PALE_INK, va="center", ha="right")
    axes.text(6.5, 14, often, fontsize=11, color=PALE_INK, rotation=90, ha="center", va="top")
    axes.text(6.5, 54.5, seldom, fontsize=11, color=PALE_INK, rotation=90, ha="center", va="bottom")
    axes.text(4.5, 62, life, fontsize=16, fontweight="bold", color=INK, va="center")
    _bars(axes, states, language)
    return png(figure)


def _map(axes: Axes, grid: Sequence[Sequence[int]], names: Grid, language: str) -> None:
    """Each square with its count; a name stands once, in the middle of the squares it covers."""
    from matplotlib.patches import Rectangle

    covered: dict[str, list[tuple[float, float]]] = {}
    for r in range(1, 6):
        for f in range(1, 6):
            name = names[r - 1][f - 1]
            x, y = 10 + (r - 1) * 17.2, 14 + (5 - f) * 8.1
            axes.add_patch(
                Rectangle((x, y), 17.2, 8.1, facecolor=_COLOURS[name], edgecolor=PAPER, linewidth=1.5)
            )
            count = grouped(grid[5 - r][f - 1], language)
            axes.text(x + 8.6, y + 5.6, count, fontsize=14, color=INK, ha="center", va="center")
            covered.setdefault(name, []).append((x + 8.6, y + 2.4))
    words = {word: (ru, en) for word, ru, en in RFM_WORDS}
    for name, places in covered.items():
        y = min(place[1] for place in places)
        row = [place[0] for place in places if place[1] == y]
        text = textwrap.fill(plain(words[name][language == "en"], 24), _LINE * len(row))
        box = {"facecolor": _COLOURS[name], "edgecolor": "none", "pad": 1.5}  # no white line through a name
        axes.text(
            sum(row) / len(row), y, text, fontsize=11, color=INK, ha="center", va="center", bbox=box
        ).set_fontweight("bold")


def _bars(axes: Axes, states: Mapping[str, int], language: str) -> None:
    words = {word: (ru, en) for word, ru, en in LIFECYCLE_WORDS}
    largest = max(states.values(), default=0) or 1
    for row, (name, colour) in enumerate(_LIFE_COLOURS.items()):
        y, count = 67.5 + row * 5.2, states.get(name, 0)
        axes.text(4.5, y, words[name][language == "en"], fontsize=13, color=INK, va="center")
        axes.barh(y, max(count / largest * 46, 0.4), left=36, height=3.4, color=colour)
        text = grouped(count, language)
        axes.text(37.5 + count / largest * 46, y, text, fontsize=13, color=INK, va="center")
