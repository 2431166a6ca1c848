"""What is done to the moving image itself between two steps: it is shaken, and it is blurred."""

from __future__ import annotations

import numpy as np

from graph.to_data.priors import as_images
from layers.base import Array


def shifted(x: Array, by: tuple[int, int], image_shape: tuple[int, ...] | None) -> Array:
    """The images moved down and across by whole pixels; what leaves on one side enters on the other.

    >>> shifted(np.array([[1, 2, 3], [4, 5, 6]]), (1, 1), None)
    array([[6, 4, 5],
           [3, 1, 2]])
    """
    return np.roll(as_images("jitter", x, image_shape), by, axis=(-2, -1)).reshape(x.shape)


def blurred(x: Array, share: float, image_shape: tuple[int, ...] | None) -> Array:
    """A share of each pixel's value is exchanged for the mean of its four neighbours; at the rim it counts itself.

    >>> blurred(np.array([[0.0, 0.0, 0.0], [0.0, 8.0, 0.0], [0.0, 0.0, 0.0]]), 0.5, None)
    array([[0., 1., 0.],
           [1., 4., 1.],
           [0., 1., 0.]])
    """
    images = as_images("blur", x, image_shape)
    rim = [(0, 0)] * (images.ndim - 2) + [(1, 1), (1, 1)]
    wide = np.pad(images, rim, mode="edge")
    around = wide[..., :-2, 1:-1] + wide[..., 2:, 1:-1] + wide[..., 1:-1, :-2] + wide[..., 1:-1, 2:]
    return ((1.0 - share) * images + (0.25 * share) * around).reshape(x.shape)
