"""Softshrink: every number moves towards zero by the same amount, and stops there."""

from __future__ import annotations

import numpy as np

from layers.base import Array
from layers.pointwise.hardshrink import Hardshrink


class Softshrink(Hardshrink):
    """Each element, moved towards 0 by the threshold; its slopes are those of Hardshrink.

    Equation:  x_out = sign(x_in) max(|x_in| - threshold, 0)
               g_in = g_out where |x_in| > threshold, else 0       (at the threshold: 0)
    Shapes:    x_in, x_out (...), the same; threshold is one number, 0 or more
    Raises:    ShapeError if g_out is not shaped like x_out
    Source:    the proximal step of the L1 penalty (the lasso)

    >>> layer = Softshrink(1.0)
    >>> layer.forward([3.0, -0.5, -2.0])
    array([ 2.,  0., -1.])
    >>> layer.backward([7.0, 7.0, 7.0])[0]
    array([7., 0., 7.])
    """

    def h(self, x_in: Array) -> Array:
        return x_in - np.clip(x_in, -self.threshold, self.threshold)
