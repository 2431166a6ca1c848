"""The error function, which numpy does not have, to the last digits of float64, in numpy."""

from __future__ import annotations

import math

import numpy as np

from layers.base import Array

# W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969), 631-637:
# quotients of two polynomials, highest power first, one for small, one for middling and one for large arguments
SMALL = (
    (1.85777706184603153e-1, 3.16112374387056560, 113.864154151050156, 377.485237685302021, 3209.37758913846947),
    (1.0, 23.6012909523441209, 244.024637934444173, 1282.61652607737228, 2844.23683343917062),
)
MIDDLE = (
    (2.15311535474403846e-8, 0.564188496988670089, 8.88314979438837594, 66.1191906371416295, 298.635138197400131)
    + (881.952221241769090, 1712.04761263407058, 2051.07837782607147, 1230.33935479799725),
    (1.0, 15.7449261107098347, 117.693950891312499, 537.181101862009858, 1621.38957456669019)
    + (3290.79923573345963, 4362.61909014324716, 3439.36767414372164, 1230.33935480374942),
)
LARGE = (
    (1.63153871373020978e-2, 0.305326634961232344, 0.360344899949804439, 0.125781726111229246)
    + (1.60837851487422766e-2, 6.58749161529837803e-4),
    (1.0, 2.56852019228982242, 1.87295284992346725, 0.527905102951428412)
    + (6.05183413124413191e-2, 2.33520497626869185e-3),
)


def erfc(x: Array) -> Array:
    """1 - erf(x), right to the last digit where erf is near 1: erfc(10) is 2e-45 and not 0.

    >>> [f"{value:.3g}" for value in erfc(np.array([0.0, -10.0, 10.0]))]
    ['1', '2', '2.09e-45']
    """
    x = np.asarray(x)
    distance = np.abs(x)
    tail = np.empty_like(distance)  # erfc(|x|)
    small, large = distance <= 0.46875, distance > 4.0
    for where, formula in ((small, _near), (large, _far), (~(small | large), _between)):
        if where.any():
            tail[where] = formula(distance[where])
    return np.where(x < 0, 2.0 - tail, tail)


def _near(x: Array) -> Array:
    return 1.0 - x * _quotient(SMALL, x * x)


def _between(x: Array) -> Array:
    return _gauss(x) * _quotient(MIDDLE, x)


def _far(x: Array) -> Array:
    x = np.minimum(x, 30.0)  # erfc(30) is below the smallest float
    t = 1.0 / (x * x)
    return _gauss(x) / x * (1.0 / math.sqrt(math.pi) - t * _quotient(LARGE, t))


def _gauss(x: Array) -> Array:
    """exp(-x^2) without the error of squaring: x^2 = c^2 + (x - c)(x + c), with c short enough that c^2 is exact."""
    c = np.trunc(x * 16.0) / 16.0
    return np.exp(-c * c) * np.exp(-(x - c) * (x + c))


def _quotient(polynomials: tuple[tuple[float, ...], tuple[float, ...]], x: Array) -> Array:
    above, below = polynomials
    p, q = np.full_like(x, above[0]), np.full_like(x, below[0])
    for a, b in zip(above[1:], below[1:], strict=True):  # Horner's rule
        p, q = p * x + a, q * x + b
    return p / q
