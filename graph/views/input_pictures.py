"""Pictures of inputs: a grid of images, a saliency picture, and the frames of an optimisation as an animation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np

from losses.curve_plot import png

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SIDE = "#1f2937", 1.5  # inches that one image takes


def draw_inputs(
    x: Any,
    *,
    image_shape: tuple[int, int] | None = None,
    titles: Sequence[str] = (),
    title: str = "",
    columns: int = 5,
    bounds: tuple[float, float] | None = None,
) -> Figure:
    """Inputs as grey images in a grid, white on black as the digits are, with one scale for all and its bar.

    Shapes:    x (N, H, W), or rows (N, H * W) with image_shape=(H, W)

    >>> draw_inputs(np.zeros((10, 64)), image_shape=(8, 8), titles=list("0123456789")).get_size_inches()
    array([8.3, 3.5])
    """
    images = as_stack(x, image_shape)
    low, high = bounds or (float(images.min()), float(images.max()))
    figure, cells = _grid(len(images), min(columns, len(images)), title)
    for i, (axes, image) in enumerate(zip(cells, images, strict=False)):
        shown = axes.imshow(image, cmap="gray", vmin=low, vmax=high)
        _label(axes, titles[i] if i < len(titles) else "", corner=i == len(images) - min(columns, len(images)))
    _bar(figure, cells, shown, "value of a pixel")
    return figure


def draw_saliency(x: Any, g: Any, *, image_shape: tuple[int, int] | None = None, title: str = "") -> Figure:
    """One input, and beside it the gradient of a score: orange where more would speak for it, purple against it.

    Shapes:    x and g (H, W), or (H * W,) with image_shape=(H, W)
    """
    x, g = as_stack(np.asarray(x)[None], image_shape)[0], as_stack(np.asarray(g)[None], image_shape)[0]
    figure, (left, right) = _grid(2, 2, title, side=2.6)
    left.imshow(x, cmap="gray")
    most = float(np.abs(g).max()) or 1.0
    shown = right.imshow(g, cmap="PuOr_r", vmin=-most, vmax=most)
    _label(left, "x", corner=True)
    _label(right, "d score / d x", corner=False)
    _bar(figure, [right], shown, "gradient of a pixel")
    return figure


def save_frames(
    frames: Sequence[Any],
    path: str | PathLike,
    *,
    image_shape: tuple[int, int] | None = None,
    titles: Sequence[str] = (),
    columns: int = 5,
    fps: int = 12,
) -> None:
    """The frames of `optimise_input` as an animated GIF, one scale for all of them.

    Shapes:    each frame one image or a batch of them, as draw_inputs takes them
    """
    from matplotlib.animation import PillowWriter

    stacks = [
        as_stack(frame if np.ndim(frame) > (image_shape is None) + 1 else [frame], image_shape) for frame in frames
    ]
    low, high = min(float(s.min()) for s in stacks), max(float(s.max()) for s in stacks)
    columns = min(columns, len(stacks[0]))
    figure = draw_inputs(stacks[0], titles=titles, title="frame 1", columns=columns, bounds=(low, high))
    pictures = [axes.images[0] for axes in figure.axes if axes.images and axes.get_label() != "<colorbar>"]
    writer = PillowWriter(fps=fps)
    with writer.saving(figure, str(path), dpi=figure.dpi):
        for number, stack in enumerate(stacks, 1):
            for picture, image in zip(pictures, stack, strict=True):
                picture.set_data(image)
            figure.suptitle(f"frame {number} of {len(stacks)}", color=INK)
            writer.grab_frame()


def as_stack(x: Any, image_shape: tuple[int, int] | None) -> np.ndarray:
    """The inputs as (N, H, W).

    >>> as_stack(np.zeros((10, 1, 8, 8)), (8, 8)).shape
    (10, 8, 8)
    """
    x = np.asarray(x, float)
    shape = x.shape[-2:] if image_shape is None else tuple(image_shape)[-2:]
    if x.ndim < 2 or (len(x) and x.size != len(x) * int(np.prod(shape))):
        raise ValueError(
            f"pictures need images (N, H, W), or rows with image_shape=(H, W); got {x.shape}, {image_shape}"
        )
    return x.reshape(len(x), *shape)


def _grid(n: int, columns: int, title: str, side: float = SIDE) -> tuple[Figure, list[Axes]]:
    """A figure with a canvas of its own, white whatever page it lands on, and its first n cells."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = -(-n // columns)
    size = (columns * side + 0.8, rows * side + 0.5)
    figure = Figure(figsize=size, dpi=110, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    figure._repr_png_ = partial(png, figure)  # what a notebook asks for
    if title:
        figure.suptitle(title, color=INK)
    return figure, [figure.add_subplot(rows, columns, i + 1) for i in range(n)]


def _label(axes: Axes, title: str, corner: bool) -> None:
    """The title above; rows and columns named once, in the lower left corner."""
    axes.set_title(title, color=INK, fontsize=9)
    axes.tick_params(colors=INK, labelsize=7, labelleft=corner, labelbottom=corner)
    axes.spines[:].set_color(INK)
    if corner:
        axes.set_xlabel("column", color=INK, fontsize=8)
        axes.set_ylabel("row", color=INK, fontsize=8)


def _bar(figure: Figure, cells: Sequence[Axes], shown: Any, name: str) -> None:
    bar = figure.colorbar(shown, ax=list(cells))
    bar.set_label(name, color=INK, fontsize=8)
    bar.ax.tick_params(colors=INK, labelsize=7)
