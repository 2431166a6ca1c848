"""Problems in the plane, made on the spot: no straight line separates their classes."""

from __future__ import annotations

import numpy as np

from graph.data.dataset import Dataset, split


def spiral(n: int = 300, arms: int = 3, noise: float = 0.15) -> Dataset:
    """`arms` arms of `n` datapoints each, wound once round the origin.

    >>> spiral().x.shape, spiral().classes.tolist()
    ((720, 2), [0, 1, 2])
    """
    rng = np.random.default_rng(0)
    radius = np.tile(np.linspace(0.05, 1.0, n), arms)
    arm = np.repeat(np.arange(arms), n)
    angle = 2 * np.pi * (arm / arms + 0.7 * radius) + rng.normal(0, noise, arms * n)
    return split("spiral", _around(radius, angle), arm)


def moons(n: int = 300, noise: float = 0.12) -> Dataset:
    """Two half circles of `n` datapoints each, hooked into one another."""
    rng = np.random.default_rng(0)
    upper = _around(1.0, rng.uniform(0, np.pi, n))
    lower = np.array([1.0, 0.4]) - _around(1.0, rng.uniform(0, np.pi, n))
    x = np.concatenate([upper, lower]) + rng.normal(0, noise, (2 * n, 2))
    return split("moons", x, np.repeat([0, 1], n))


def xor(n: int = 100, noise: float = 0.2) -> Dataset:
    """`n` datapoints round each corner of a square; opposite corners are of one class."""
    rng = np.random.default_rng(0)
    corners = np.array([[-1.0, -1.0], [1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]])
    x = np.repeat(corners, n, axis=0) + rng.normal(0, noise, (4 * n, 2))
    return split("xor", x, np.repeat([0, 0, 1, 1], n))


def _around(radius: np.ndarray | float, angle: np.ndarray) -> np.ndarray:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
