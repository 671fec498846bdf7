"""The pens a quiz is drawn with: words and round shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.reports.charts import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def say(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    size: float,
    colour: str = INK,
    *,
    weight: str = "normal",
    zorder: int = 6,
) -> None:
    """Write words, their middle line at y."""
    axes.text(
        x,
        y,
        text,
        fontsize=size,
        color=colour,
        fontweight=weight,
        va="center_baseline",
        parse_math=False,
        zorder=zorder,
    )


def rounded(
    axes: Axes,
    place: tuple[float, float, float, float],
    radius: float,
    *,
    face: str,
    edge: str | None,
    zorder: int = 3,
) -> None:
    """Draw a rectangle (x, y, width, height) with round corners."""
    from matplotlib.patches import FancyBboxPatch

    x, y, width, height = place
    radius = min(radius, width / 2, height / 2)
    shape = f"round,pad=0,rounding_size={radius}"
    patch = FancyBboxPatch(
        (x, y),
        width,
        height,
        boxstyle=shape,
        facecolor=face,
        edgecolor=edge or face,
        lw=0.8 if edge else 0,
        zorder=zorder,
    )
    axes.add_patch(patch)
