"""The min gate: the max gate, the other way."""

from __future__ import annotations

import numpy as np

from layers.gates.max import Max


class Min(Max):
    """The smallest of two or more inputs, element by element.

    Equation:  x_out = min(x_in^1, ..., x_in^n)
               g_in^i = g_out where x_in^i is the smallest, 0 elsewhere
    Shapes:    x_in a tuple of arrays of one shape, or of scalars and rows against a batch
    Raises:    ShapeError if the shapes do not go together; DtypeError if float32 meets float64
    Source:    course notes and slides, the max gate: min(a, b) = -max(-a, -b)

    A tie: the first of the smallest inputs gets the whole gradient.

    >>> gate = Min()
    >>> gate
    Min(tie: first)
    >>> gate.forward(([2.0, 7.0], [-1.0, 7.0]))
    array([-1.,  7.])
    >>> gate.backward([3.0, 5.0])[0]
    (array([0., 5.]), array([3., 0.]))
    """

    winner_of = staticmethod(np.argmin)
