"""A quiz as a picture: questions as cards, answers and branches as lines, what people did beside them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Literal

from core.reports.charts import DOWN, DPI, FAMILY_COLOURS, INK, PALE_INK, PAPER, plain
from core.reports.quiz_layout import (
    HEAD_SIZE,
    LINE,
    MARGIN,
    NOTE_SIZE,
    PAD,
    ROW_SIZE,
    TEXT_SIZE,
    cut,
    laid_out,
    measured,
)
from core.reports.quiz_pens import rounded, say
from core.words import grouped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from core.quizzes.graph import Edge, Graph
    from core.reports.quiz_layout import Box, Layout, Route

MOST_PIXELS = 30_000  # of height: beyond, a picture is drawn smaller rather than not at all
CANVAS, CARD_EDGE, CONDITION_PAPER = "#f5f6f8", "#d5d9e0", "#eef2fb"
LINE_INK = "#8b95a5"
BAR = {"question": "#dbe6fa", "result": "#d4f0e6"}
RESULT_INK = "#0f9d76"


def quiz_chart(graph: Graph, form: Literal["png", "svg"] = "png") -> bytes:
    """Draw the graph of a quiz as a PNG or SVG."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    layout = laid_out(graph)
    dpi = DPI * min(1.0, MOST_PIXELS / layout.height)
    figure = Figure(figsize=(layout.width / DPI, layout.height / DPI), dpi=dpi, facecolor=CANVAS)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, layout.width)
    axes.set_ylim(layout.height, 0)
    axes.axis("off")
    _title(axes, layout)
    _edges(axes, layout)
    _branches(axes, layout)
    for box in layout.boxes:
        _box(axes, box, layout)
    target = io.BytesIO()
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": graph.title}):
        figure.savefig(
            target, format=form, facecolor=CANVAS, dpi=dpi, metadata={"Date": None} if form == "svg" else {}
        )
    return target.getvalue()


def _title(axes: Axes, layout: Layout) -> None:
    x, width = layout.boxes[0].x, layout.width - 2 * MARGIN
    say(axes, x, 62, cut(plain(layout.graph.title, 200), 19, width, "bold"), 19, weight="bold")
    for number, line in enumerate(layout.graph.about):
        say(axes, x, 106 + 30 * number, cut(line, NOTE_SIZE, width), NOTE_SIZE, INK if number else PALE_INK)


def _edges(axes: Axes, layout: Layout) -> None:
    most = max((route.edge.count or 0 for route in layout.routes), default=0)
    targets = sorted({route.edge.target for route in layout.routes if route.side == "right"})
    for route in layout.routes:
        colour = LINE_INK
        if route.side == "right":
            colour = FAMILY_COLOURS[targets.index(route.edge.target) % len(FAMILY_COLOURS)]
        _edge(axes, route, colour, _thickness(route.edge, most))
    told: set[tuple[float, int]] = set()
    for route in layout.routes:
        if route.edge.count is not None:
            _count(axes, route, layout, told)


def _branches(axes: Axes, layout: Layout) -> None:
    """Draw the short lines from the place where results are judged to each of them."""
    end = next(box for box in layout.boxes if box.card.kind == "end")
    results = [box for box in layout.boxes if box.card.kind == "result"]
    x = end.x + 16
    axes.plot([x, x], [end.bottom, results[-1].entry], color=RESULT_INK, lw=1.5, zorder=2)
    for box in results:
        axes.plot([x, box.x], [box.entry, box.entry], color=RESULT_INK, lw=1.5, zorder=2)


def _thickness(edge: Edge, most: int) -> float:
    """Return the width of a line in points: by the root, so that a small stream is still a line."""
    return 1.5 if not edge.count or not most else 1.5 + 3.5 * float((edge.count / most) ** 0.5)


def _edge(axes: Axes, route: Route, colour: str, thickness: float) -> None:
    pale = route.edge.count == 0
    style: dict[str, Any] = {"color": colour, "lw": thickness, "alpha": 0.45 if pale else 1.0, "zorder": 2}
    x, y = route.end
    for start in route.starts:
        axes.add_patch(_path(route, start, style | {"capstyle": "butt"}))
    if route.side == "down":
        corners = [(x, y), (x - 9, y - 15), (x + 9, y - 15)]
    else:
        way = -1 if route.side == "right" else 1
        corners = [(x, y), (x - 15 * way, y - 9), (x - 15 * way, y + 9)]
    axes.fill(*zip(*corners, strict=True), color=colour, lw=0, zorder=4, alpha=style["alpha"])


def _path(route: Route, start: tuple[float, float], style: dict[str, Any]) -> Any:
    """Return a line: straight, or out to the track and back with round corners."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    (x, y), (end_x, end_y), track = start, route.end, route.track
    if route.side == "down":
        path = Path([(x, y), (end_x, end_y - 12)], [Path.MOVETO, Path.LINETO])
        return PathPatch(path, fill=False, **style)
    way = 1 if route.side == "right" else -1
    curve = 12
    points = [
        (x, y),
        (track - curve * way, y),
        (track, y),
        (track, y + curve),
        (track, end_y - curve),
        (track, end_y),
        (track - curve * way, end_y),
        (end_x + 12 * way, end_y),
    ]
    codes = [
        Path.MOVETO,
        Path.LINETO,
        Path.CURVE3,
        Path.CURVE3,
        Path.LINETO,
        Path.CURVE3,
        Path.CURVE3,
        Path.LINETO,
    ]
    return PathPatch(Path(points, codes), fill=False, **style)


def _count(axes: Axes, route: Route, layout: Layout, told: set[tuple[float, int]]) -> None:
    """Write how many went this way: beside a straight line, or on the track above its end."""
    graph = layout.graph
    if route.side == "down":
        x, y, count = route.track, (route.starts[0][1] + route.end[1]) / 2 - 4, route.edge.count or 0
        _pill(axes, x + 14, y, grouped(count, graph.language), PALE_INK)
        return
    if (route.track, route.edge.target) in told:
        return
    told.add((route.track, route.edge.target))
    together = sum(
        other.edge.count or 0
        for other in layout.routes
        if (other.side, other.edge.target) == (route.side, route.edge.target)
    )
    text = grouped(together, graph.language)
    wide = measured(text, NOTE_SIZE, "bold") + 16
    x = min(max(route.track - wide / 2, 4), layout.width - wide - 4)
    _pill(axes, x, route.end[1] - 34, text, PALE_INK)


def _pill(axes: Axes, x: float, y: float, text: str, colour: str, paper: str = CANVAS) -> None:
    wide = measured(text, NOTE_SIZE, "bold") + 16
    rounded(axes, (x, y - 14, wide, 28), 13, face=paper, edge=None, zorder=5)
    say(axes, x + 8, y, text, NOTE_SIZE, colour, weight="bold", zorder=6)


def _box(axes: Axes, box: Box, layout: Layout) -> None:
    card = box.card
    if card.kind == "end":
        rounded(axes, (box.x, box.y, box.width, box.height), 16, face=RESULT_INK, edge=None)
        say(axes, box.x + PAD, box.y + box.height / 2, box.text[0], TEXT_SIZE, PAPER, weight="bold")
        return
    accent = RESULT_INK if card.kind == "result" else FAMILY_COLOURS[0]
    rounded(axes, (box.x, box.y + 3, box.width, box.height), 16, face="#e3e6eb", edge=None)
    rounded(axes, (box.x, box.y, box.width, box.height), 16, face=PAPER, edge=CARD_EDGE)
    y = box.y + 14
    if card.head:
        _head(axes, box, y + LINE[HEAD_SIZE] / 2, accent, layout)
        y += LINE[HEAD_SIZE]
    if box.condition:
        high = len(box.condition) * LINE[NOTE_SIZE]
        rounded(
            axes,
            (box.x + PAD - 8, y + 2, box.width - 2 * PAD + 16, high + 4),
            8,
            face=CONDITION_PAPER,
            edge=None,
        )
        y = _lines(axes, box, y + 4, box.condition, NOTE_SIZE, FAMILY_COLOURS[0]) + 4
    y = _lines(axes, box, y, box.text, TEXT_SIZE, INK, "bold" if card.kind == "question" else "normal")
    _rows(axes, box, layout)
    if box.notes:
        y = box.rows_y + len(card.rows) * LINE[ROW_SIZE] + 4
        _lines(axes, box, y, box.notes, NOTE_SIZE, PALE_INK)
    if card.next:
        _next(axes, box)


def _next(axes: Axes, box: Box) -> None:
    """Draw what follows a result as a small arrow into a card of its own."""
    x, y = box.x + PAD + 10, box.bottom - LINE[NOTE_SIZE] - 20
    wide = measured(box.card.next, NOTE_SIZE, "bold") + 64
    rounded(axes, (x - 10, y, wide, 34), 10, face=CONDITION_PAPER, edge=FAMILY_COLOURS[2], zorder=5)
    say(axes, x + 2, y + 17, "→", NOTE_SIZE, FAMILY_COLOURS[2], weight="bold")
    say(axes, x + 34, y + 17, box.card.next, NOTE_SIZE, FAMILY_COLOURS[2], weight="bold")


def _head(axes: Axes, box: Box, y: float, accent: str, layout: Layout) -> None:
    card, language = box.card, layout.graph.language
    right = box.right - PAD
    if card.dropped:
        text = f"−{grouped(card.dropped, language)} {layout.graph.words['dropped']}"
        right -= measured(text, NOTE_SIZE, "bold") + 16
        _pill(axes, right, y, text, PAPER, DOWN)
        right -= 12
    if card.asked is not None:
        text = grouped(card.asked, language)
        right -= measured(text, HEAD_SIZE, "bold")
        say(axes, right, y, text, HEAD_SIZE, INK, weight="bold")
        right -= 12
    say(
        axes,
        box.x + PAD,
        y,
        cut(card.head, HEAD_SIZE, right - box.x - PAD, "bold"),
        HEAD_SIZE,
        accent,
        weight="bold",
    )


def _rows(axes: Axes, box: Box, layout: Layout) -> None:
    """Answers, each with its share as a bar behind it and its count on the right."""
    most = max([box.card.asked or 0, *(row.count or 0 for row in box.card.rows)])
    x, wide, high = box.x + PAD - 8, box.width - 2 * PAD + 16, LINE[ROW_SIZE]
    for number, row in enumerate(box.card.rows):
        y = box.port(number)
        rounded(axes, (x, y - high / 2 + 3, wide, high - 6), 8, face="#f6f7f9", edge=None)
        if row.count and most:
            rounded(
                axes,
                (x, y - high / 2 + 3, max(wide * row.count / most, 16), high - 6),
                8,
                face=BAR["question"],
                edge=None,
            )
        right = box.right - PAD
        if row.count is not None:
            text = grouped(row.count, layout.graph.language)
            right -= measured(text, ROW_SIZE, "bold")
            say(axes, right, y, text, ROW_SIZE, INK, weight="bold")
            right -= 14
        if row.extra:
            right -= measured(row.extra, NOTE_SIZE)
            say(axes, right, y, row.extra, NOTE_SIZE, RESULT_INK)
            right -= 14
        say(axes, box.x + PAD, y, cut(plain(row.label, 200), ROW_SIZE, right - box.x - PAD), ROW_SIZE)


def _lines(
    axes: Axes, box: Box, y: float, lines: tuple[str, ...], size: float, colour: str, weight: str = "normal"
) -> float:
    for line in lines:
        say(axes, box.x + PAD, y + LINE[size] / 2, line, size, colour, weight=weight)
        y += LINE[size]
    return y
