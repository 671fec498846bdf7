"""The funnel as a picture: one bar a step, pale for those who came to it, full for those who went on."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.reports.charts import (
    DOWN,
    FAMILY_COLOURS,
    FOOT,
    HEAD,
    INK,
    PALE_INK,
    ROW,
    head,
    new_figure,
    plain,
    png,
)
from core.words import grouped, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

LONGEST_TITLE, LONGEST_LINE = 56, 31  # characters
MOST_BARS = 22
LEFT, SPAN = 50.0, 21.0  # of 100: where bars begin, how long the longest one is
CAME, LOST = "#d5dfef", "#f3c6cc"
_WORDS = {
    "ru": ("Воронка", "дошли · от пришедших на шаг", "и ещё {count} вопросов с меньшими потерями", "не всем"),
    "en": ("Funnel", "went on · of those who came", "and {count} more questions with smaller losses", "some"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One step in words and numbers; great steps stand out from the questions between them."""

    title: str
    came: int
    passed: int
    is_great: bool
    only_some: bool = False
    is_weakest: bool = False


def funnel_chart(bars: Sequence[Bar], subtitle: str, language: str) -> bytes:
    """Draw the steps from the first to the last; a PNG. `subtitle` says which quiz, period and source."""
    title, note, more, _ = _WORDS[language]
    shown = _telling(bars)
    height = len(shown) * ROW + HEAD + FOOT + 0.42
    figure, axes = new_figure(height)
    head(figure, title, note)
    figure.text(
        0.045, 1 - 0.92 / height, plain(subtitle, 80), fontsize=13, color=INK, va="center", parse_math=False
    )
    axes.set_position((0.0, FOOT / height, 1.0, 1 - (HEAD + 0.42 + FOOT) / height))
    axes.set_xlim(0, 100)
    axes.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    axes.axis("off")
    longest = max((bar.came for bar in shown), default=0) or 1
    for row, bar in enumerate(shown):
        _draw(axes, row, bar, longest, language)
    if len(shown) < len(bars):
        rest = more.format(count=len(bars) - len(shown))
        figure.text(0.045, 0.16 / height, rest, fontsize=11, color=PALE_INK)
    return png(figure)


def _telling(bars: Sequence[Bar]) -> list[Bar]:
    """Return what fits a phone: the great steps and the questions that lose most, in their order."""
    great = sum(bar.is_great for bar in bars)
    questions = sorted((bar for bar in bars if not bar.is_great), key=lambda bar: bar.passed - bar.came)
    kept = {id(bar) for bar in questions[: max(MOST_BARS - great, 0)]}
    return [bar for bar in bars if bar.is_great or id(bar) in kept]


def _draw(axes: Axes, row: int, bar: Bar, longest: int, language: str) -> None:
    name = plain(bar.title, LONGEST_TITLE)
    if bar.only_some:
        name = f"{plain(bar.title, LONGEST_TITLE - 12)} · {_WORDS[language][3]}"
    words = "\n".join(textwrap.wrap(name, LONGEST_LINE)[:2])
    size = 11.0 if "\n" in words else 13 if bar.is_great else 12
    weight = "bold" if bar.is_great else "normal"
    indent = 4.5 if bar.is_great else 7.0
    axes.text(indent, row, words, fontsize=size, fontweight=weight, color=INK, va="center", parse_math=False)
    colour = FAMILY_COLOURS[0] if bar.is_great else FAMILY_COLOURS[3]
    if bar.came:
        width = max(SPAN * bar.came / longest, 0.35)
        axes.barh(row, width, left=LEFT, height=0.56, color=LOST if bar.is_weakest else CAME)
    if bar.passed:
        axes.barh(row, max(SPAN * bar.passed / longest, 0.35), left=LEFT, height=0.56, color=colour)
    count = grouped(bar.passed, language)
    axes.text(LEFT + SPAN + 2, row, count, fontsize=13, fontweight="bold", color=INK, va="center")
    rate = percent(bar.passed / bar.came if bar.came else None, language)
    tone = DOWN if bar.is_weakest else INK
    axes.text(95.5, row, rate, fontsize=13, color=tone, ha="right", va="center")
