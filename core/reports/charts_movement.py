"""Movement as a picture: places of the first day on the left, of the last on the right, people as bands."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.reports.charts import (
    DOWN,
    FAMILY_COLOURS,
    HEAD,
    INK,
    PALE_INK,
    UP,
    day_words,
    head,
    new_figure,
    plain,
    png,
    signed,
)
from core.reports.movement import ABSENT, NONE
from core.words import grouped, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from core.reports.movement import Cell, Movement, Place

LABEL, BAND = 0.62, 3.2  # inches: of a label, and of all people together
FOOT = 0.55
LEFT, BLOCK, RIGHT = 36.0, 1.6, 66.5  # of 100: the inner edges of the blocks
LONGEST_TITLE, LONGEST_LINE = 38, 18  # characters
MOST_PLACES = 14
COLOURS = (*FAMILY_COLOURS, "#8a6d3b", "#4f9d45", "#b8479c", "#3c8fb0", "#c4a01d", "#7d4f50")
GREY = "#b6bcc6"
_WORDS = {  # title, line, share, nothing, the rest
    "ru": (
        "Движение",
        "перешли {moved} из {stood}",
        "остались {share}",
        "Пока пусто",
        "ещё {count} оба дня ни в одном",
    ),
    "en": (
        "Movement",
        "{moved} of {stood} moved",
        "{share} stayed",
        "Nothing yet",
        "{count} more in none on both days",
    ),
}


@dataclass(slots=True)
class _Node:
    """One place on one side: where its block begins, and how much of it bands have taken."""

    place: Place
    people: int
    top: float
    block: float
    taken: float = 0.0

    @property
    def middle(self) -> float:
        return self.block + self.people / 2


def movement_chart(found: Movement, title: str, language: str) -> bytes:
    """Draw who went from where to where; a PNG. Who was in none of the segments on both days is left out."""
    words = _WORDS[language]
    cells = _shown(found)
    sides = [_places(found, cells, side) for side in (0, 1)]
    most = max(len(side) for side in sides)
    height = HEAD + 0.5 + FOOT + (most * LABEL + BAND if cells else 1.6)
    figure, axes = new_figure(height)
    head(figure, words[0], days_between(found, language))
    moved = words[1].format(moved=grouped(found.moved, language), stood=grouped(found.stood, language))
    line = f"{plain(title, 34)}: {moved}"
    figure.text(0.045, 1 - 0.92 / height, line, fontsize=13, color=INK, va="center", parse_math=False)
    axes.set_position((0.0, FOOT / height, 1.0, 1 - (HEAD + 0.5 + FOOT) / height))
    axes.axis("off")
    axes.set_xlim(0, 100)
    if not cells:
        axes.text(50, 0.5, words[3], ha="center", va="center", color=PALE_INK, fontsize=18)
        return png(figure)
    inches = height - HEAD - 0.5 - FOOT
    _draw(axes, cells, sides, inches, language)
    hidden = found.people() - sum(cell.people for cell in cells)
    if hidden:
        note = words[4].format(count=grouped(hidden, language))
        figure.text(0.955, 0.2 / height, note, fontsize=11, color=PALE_INK, ha="right")
    return png(figure)


def days_between(found: Movement, language: str) -> str:
    """Return the two days compared, with their years where these differ."""
    year = found.first.year != found.last.year
    days = [
        f"{day_words(day, language)}{f' {day.year}' if year else ''}" for day in (found.first, found.last)
    ]
    return " → ".join(days)


def _shown(found: Movement) -> list[Cell]:
    """Return the cells of the largest places; who was in none of them on both days would hide the rest.

    Newcomers who went to none are shown with the others: they were not there on the first day.
    """
    inside = [cell for cell in found.cells if (cell.source, cell.target) != (NONE, NONE)]
    if not any(cell.source > 0 or cell.target > 0 for cell in inside):
        return []
    weight: dict[int, int] = {}
    for cell in inside:
        for number in (cell.source, cell.target):
            weight[number] = weight.get(number, 0) + cell.people
    kept = set(sorted(weight, key=lambda number: -weight[number])[:MOST_PLACES])
    return [cell for cell in inside if cell.source in kept and cell.target in kept]


def _places(found: Movement, cells: Sequence[Cell], side: int) -> list[tuple[Place, int]]:
    people: dict[int, int] = {}
    for cell in cells:
        number = (cell.source, cell.target)[side]
        people[number] = people.get(number, 0) + cell.people
    return [(place, people[place.number]) for place in found.places if place.number in people]


def _draw(
    axes: Axes,
    cells: Sequence[Cell],
    sides: Sequence[Sequence[tuple[Place, int]]],
    inches: float,
    language: str,
) -> None:
    total = sum(cell.people for cell in cells)
    label = total * LABEL / BAND  # the height of a label, in people
    axes.set_ylim(inches * total / BAND, 0)
    nodes = [_stacked(side, label, inches * total / BAND) for side in sides]
    colours = {place.number: colour for place, colour in _coloured(sides)}
    for cell in sorted(cells, key=lambda cell: (nodes[0][cell.source].top, nodes[1][cell.target].top)):
        _band(axes, nodes[0][cell.source], nodes[1][cell.target], cell, colours[cell.source])
    stayed = {cell.source: cell.people for cell in cells if cell.source == cell.target}
    least = 0.02 * total / BAND
    for side, edge in ((0, LEFT - BLOCK), (1, RIGHT)):
        for number, node in nodes[side].items():
            height = max(node.people, least)
            axes.bar(edge, height, BLOCK, node.block, color=colours[number], align="edge")
            before = nodes[0][number].people if number in nodes[0] else 0
            note = (
                _left_note(number, node, stayed, language) if side == 0 else _change(node, before, language)
            )
            _label(axes, side, node, note, language, label)


def _stacked(side: Sequence[tuple[Place, int]], label: float, whole: float) -> dict[int, _Node]:
    """Stand the places one under another, each with room for its label, spread over the whole height."""
    free = whole - sum(people + label for _, people in side)
    gap = free / max(len(side), 1)
    found: dict[int, _Node] = {}
    top = 0.0
    for place, people in side:
        found[place.number] = _Node(place, people, top, top + (label + gap) / 2)
        top += people + label + gap
    return found


def _coloured(sides: Sequence[Sequence[tuple[Place, int]]]) -> list[tuple[Place, str]]:
    both = sorted({place.number: place for side in sides for place, _ in side}.items())
    numbered = [place for number, place in both if number > 0]
    found = [(place, COLOURS[rank % len(COLOURS)]) for rank, place in enumerate(numbered)]
    return [*found, *((place, GREY) for number, place in both if number <= 0)]


def _band(axes: Axes, source: _Node, target: _Node, cell: Cell, colour: str) -> None:
    """Draw a smooth band as wide as its people."""
    import numpy as np

    way = np.linspace(0.0, 1.0, 40)
    bend = way * way * (3 - 2 * way)
    start, end = source.block + source.taken, target.block + target.taken
    top = start + (end - start) * bend
    source.taken += cell.people
    target.taken += cell.people
    alpha = 0.22 if cell.source == cell.target else 0.55
    x = LEFT + (RIGHT - LEFT) * way
    axes.fill_between(x, top, top + cell.people, color=colour, alpha=alpha, linewidth=0.4)


def _left_note(number: int, node: _Node, stayed: dict[int, int], language: str) -> str:
    if number in (NONE, ABSENT):
        return ""
    kept = stayed.get(number, 0)
    return _WORDS[language][2].format(share=percent(kept / node.people, language))


def _change(node: _Node, before: int, language: str) -> str:
    return signed(node.people - before, language) if node.people != before else ""


def _label(axes: Axes, side: int, node: _Node, note: str, language: str, label: float) -> None:
    x, align = (LEFT - BLOCK - 1.2, "right") if side == 0 else (RIGHT + BLOCK + 1.2, "left")
    title = "\n".join(textwrap.wrap(plain(node.place.title(language), LONGEST_TITLE), LONGEST_LINE)[:2])
    size = grouped(node.people, language)
    number = f"{size} · {note}" if note and side == 0 else size
    step = label * 0.2 * (1.6 if "\n" in title else 1.0)
    fontsize = 12 if "\n" in title else 13.5
    axes.text(
        x, node.middle - step, title, fontsize=fontsize, color=INK, ha=align, va="center", parse_math=False
    )
    low = node.middle + label * 0.26
    axes.text(x, low, number, fontsize=12, fontweight="bold", color=PALE_INK, ha=align, va="center")
    if side == 1 and note:
        tone = UP if note.startswith("+") else DOWN
        axes.text(96, low, note, fontsize=12, color=tone, ha="right", va="center")
