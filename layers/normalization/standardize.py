"""Standardizing: subtract the mean, divide by the standard deviation; and the way back, through both.

Take the m entries x_1 ... x_m that share one mean and one variance:

    mu = sum of x_i / m,   v = sum of (x_i - mu)^2 / m,   s = sqrt(v + eps),   z_i = (x_i - mu) / s

The cost J sees x_i by three ways: in z_i itself, through mu, and through v. With g_i = dJ/dz_i:

    dJ/dv = sum of g_i (x_i - mu) (-1 / 2 s^3) = -(sum of g_i z_i) / (2 s^2)
    dJ/dmu = sum of g_i (-1 / s)                    (v gives nothing here: dv/dmu = -2 sum of (x_i - mu) / m = 0)
    dv/dx_i = 2 (x_i - mu) / m = 2 s z_i / m        (again without mu's share, which is 0)
    dmu/dx_i = 1 / m

The three ways add up, as they do behind every branch:

    dJ/dx_i = g_i / s  +  dJ/dmu / m  +  dJ/dv 2 s z_i / m
            = (g_i - mean(g) - z_i mean(g z)) / s

What is left of g is what neither shifts all of x nor stretches it: z does not feel either.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from layers.base import Array


class Standardized(NamedTuple):
    """Standardized values z, and what they were made with; mean, var and s keep the axes they were taken over."""

    z: Array
    mean: Array
    var: Array
    s: Array


def standardize(x: Array, axes: tuple[int, ...], eps: float) -> Standardized:
    """z = (x - mean) / s, with mean and variance over `axes`.

    >>> import numpy as np
    >>> standardize(np.array([1.0, 3.0]), (0,), eps=3.0).z     # mean 2, variance 1, so s = sqrt(1 + 3)
    array([-0.5,  0.5])
    """
    mean = x.mean(axes, keepdims=True)
    z = x - mean
    var = (z * z).mean(axes, keepdims=True)
    s = np.sqrt(var + eps)
    return Standardized(z / s, mean, var, s)


def through_standardize(g: Array, z: Array, s: Array, axes: tuple[int, ...]) -> Array:
    """dJ/dx from g = dJ/dz.

    >>> import numpy as np
    >>> z, s = np.array([-0.5, 0.5]), np.array([2.0])
    >>> through_standardize(np.array([0.0, 8.0]), z, s, (0,))  # mean(g) = 4, mean(g z) = 2: (0 - 4 + 1) / 2
    array([-1.5,  1.5])
    """
    return through_scale(g - g.mean(axes, keepdims=True), z, s, axes)


def through_scale(g: Array, z: Array, s: Array, axes: tuple[int, ...]) -> Array:
    """The part of the way back that goes through s alone: (g - z mean(g z)) / s.

    The mean of g may be taken away before: it does not change mean(g z), since z sums to 0.
    """
    return (g - z * (g * z).mean(axes, keepdims=True)) / s
