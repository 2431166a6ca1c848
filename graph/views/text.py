"""A line of text: how it is set, how wide that is, and setting it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from graph.views.numbers import INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Text:
    """A line of text and how it is set."""

    text: str
    size: float = 9.0
    colour: str = INK
    weight: str = "normal"
    style: str = "normal"

    @property
    def width(self) -> float:
        """In inches."""
        return width_of(self.text, self.size, self.weight, self.style)


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, weight: str, style: str) -> float:
    """The width in inches, measured on the outlines of the letters: the same on every machine."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    font = FontProperties(family="DejaVu Sans", size=size, weight=weight, style=style)
    return float(TextPath((0, 0), text, prop=font).get_extents().x1) / 72 if text.strip() else 0.0


def put(axes: Axes, x: float, y: float, text: Text, align: str = "center") -> None:
    """Set one line of text, its middle at y."""
    font = {"family": "DejaVu Sans", "size": text.size, "weight": text.weight, "style": text.style}
    axes.text(
        x,
        y,
        text.text,
        ha=align,
        va="center_baseline",
        color=text.colour,
        zorder=5,
        parse_math="$" in text.text,
        **font,
    )
