"""Where the parts of a quiz's picture stand: cards from top to bottom, edges on tracks beside them.

An edge to the next card goes straight down; every other one runs on a vertical track left or right of all
cards, so that no line ever crosses a card. Units are pixels of the picture, y grows downwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from core.reports.charts import DPI, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.quizzes.graph import Card, Edge, Graph

CARD_WIDTH, INDENT, DEEPEST = 760, 34, 3
MARGIN, TRACK, GAP, PAD = 48, 26, 54, 22
HEAD_SIZE, TEXT_SIZE, ROW_SIZE, NOTE_SIZE = 10.0, 12.5, 10.5, 9.5  # points
LINE = {HEAD_SIZE: 30, TEXT_SIZE: 35, ROW_SIZE: 38, NOTE_SIZE: 26}
TITLE_HEIGHT = 174
MOST_LINES = 3
Weight = Literal["normal", "bold"]


@dataclass(frozen=True, slots=True)
class Box:
    """A card in its place, its texts broken into lines."""

    card: Card
    x: float
    y: float
    width: float
    height: float
    text: tuple[str, ...]
    condition: tuple[str, ...]
    notes: tuple[str, ...]
    rows_y: float  # where the first row of answers begins

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height

    @property
    def entry(self) -> float:
        """The y where edges from tracks arrive."""
        return self.y + 26

    def port(self, row: int) -> float:
        """The y where an edge from an answer leaves."""
        return self.rows_y + (row + 0.5) * LINE[ROW_SIZE]


@dataclass(frozen=True, slots=True)
class Route:
    """An edge in its place: straight down, or out to the track at `track` and back."""

    edge: Edge
    side: Literal["down", "left", "right"]
    starts: tuple[tuple[float, float], ...]
    track: float
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture; `spine` is the x of the edges that go straight down."""

    graph: Graph
    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]
    width: float
    height: float
    spine: float


def laid_out(graph: Graph) -> Layout:
    """Give every card and edge its place."""
    left, right = _tracks(graph, "left"), _tracks(graph, "right")
    x = MARGIN + TRACK * (max(left.values(), default=-1) + 1)
    boxes, y = [], float(TITLE_HEIGHT)
    for place, card in enumerate(graph.cards):
        box = _box(card, x, y)
        boxes.append(box)
        after = graph.cards[place + 1] if place + 1 < len(graph.cards) else None
        y = box.bottom + (GAP if after is not None and after.kind != "result" else 22)
    width = x + CARD_WIDTH + MARGIN + TRACK * (max(right.values(), default=-1) + 1)
    spine = x + INDENT * DEEPEST + 60
    routes = [_route(edge, boxes, left, right, spine) for edge in graph.edges]
    return Layout(graph, tuple(boxes), tuple(routes), width, y + MARGIN - 22, spine)


def side_of(edge: Edge) -> Literal["down", "left", "right"]:
    """Return where an edge runs: answers leave to the right, what passes over cards to the left."""
    if edge.target == edge.source + 1:
        return "down"
    return "right" if edge.rows else "left"


def _tracks(graph: Graph, side: str) -> dict[int, int]:
    """Give each target one track on a side, the shortest nearest to the cards; those that part may share."""
    reach: dict[int, int] = {}
    for edge in graph.edges:
        if side_of(edge) == side:
            reach[edge.target] = min(edge.source, reach.get(edge.target, edge.source))
    taken: list[list[tuple[int, int]]] = []
    found: dict[int, int] = {}
    for target, source in sorted(reach.items(), key=lambda pair: (pair[0] - pair[1], pair[0])):
        free = (number for number, others in enumerate(taken) if _is_free(others, source, target))
        track = next(free, len(taken))
        if track == len(taken):
            taken.append([])
        taken[track].append((source, target))
        found[target] = track
    return found


def _is_free(others: list[tuple[int, int]], source: int, target: int) -> bool:
    return all(target <= begin or source >= end for begin, end in others)


def _route(
    edge: Edge, boxes: Sequence[Box], left: dict[int, int], right: dict[int, int], spine: float
) -> Route:
    source, target = boxes[edge.source], boxes[edge.target]
    side = side_of(edge)
    if side == "down":
        return Route(edge, side, ((spine, source.bottom),), spine, (spine, target.y))
    if side == "right":
        track = source.x + CARD_WIDTH - (source.x - boxes[0].x) + 24 + TRACK * right[edge.target]
        starts = tuple((source.right, source.port(row)) for row in edge.rows)
        return Route(edge, side, starts, track, (target.right, target.entry))
    track = boxes[0].x - 24 - TRACK * left[edge.target]
    return Route(edge, side, ((source.x, source.bottom - 20),), track, (target.x, target.entry))


def _box(card: Card, x: float, y: float) -> Box:
    x += INDENT * min(card.depth, DEEPEST)
    width = CARD_WIDTH - INDENT * min(card.depth, DEEPEST)
    inner = width - 2 * PAD
    weight: Weight = "normal" if card.kind == "result" else "bold"
    text = broken(card.text, TEXT_SIZE, inner, weight, 2 if card.kind == "result" else MOST_LINES)
    condition = broken(card.condition, NOTE_SIZE, inner - 20) if card.condition else ()
    notes = tuple(line for note in card.notes for line in broken(note, NOTE_SIZE, inner)[:2])
    top = y + 14 + (LINE[HEAD_SIZE] if card.head else 0)
    top += len(condition) * LINE[NOTE_SIZE] + (8 if condition else 0)
    rows_y = top + len(text) * LINE[TEXT_SIZE] + (6 if card.rows else 0)
    bottom = rows_y + len(card.rows) * LINE[ROW_SIZE] + (6 + len(notes) * LINE[NOTE_SIZE] if notes else 0)
    bottom += 48 if card.next else 0
    return Box(card, x, y, width, bottom + 14 - y, text, condition, notes, rows_y)


def broken(
    text: str, size: float, width: float, weight: Weight = "normal", most: int = MOST_LINES
) -> tuple[str, ...]:
    """Break a text into lines that fit, at most `most`; the last one tells that there was more."""
    lines, words = [""], plain(text, 1000).split()
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measured(longer, size, weight) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    lines = [cut(line, size, width, weight) for line in lines]
    if len(lines) > most:
        lines = [*lines[: most - 1], cut(f"{lines[most - 1]}…", size, width, weight)]
    return tuple(lines)


def cut(text: str, size: float, width: float, weight: Weight = "normal") -> str:
    """Return a text short enough for a width, with … where it was cut."""
    if measured(text, size, weight) <= width:
        return text
    while text and measured(f"{text}…", size, weight) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def measured(text: str, size: float, weight: Weight = "normal") -> float:
    """Return the width of a text in pixels, by the font's own metrics."""
    return sum(_advance(letter, weight) for letter in text) * size * DPI / 7200


@lru_cache(maxsize=4096)
def _advance(letter: str, weight: Weight) -> float:
    from matplotlib.ft2font import LoadFlags

    glyph = _font(weight).load_char(ord(letter), LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536


@lru_cache(maxsize=2)
def _font(weight: Weight):  # type: ignore[no-untyped-def]
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.ft2font import FT2Font

    font = FT2Font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
    font.set_size(100, 72)
    return font
