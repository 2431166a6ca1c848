"""A data set: datapoints with their classes, part of them held out for the test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

HELD_OUT = 0.2
SPLIT_SEED = 0  # fixed: runs with different seeds are tested on the same datapoints


class DataError(ValueError):
    """Data that cannot be trained on; the message names the file, and the line where there is one."""


@dataclass(frozen=True)
class Dataset:
    """Datapoints in rows, classes as 0, 1, 2, ...; where x was scaled, it is (raw - shift) / scale."""

    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray
    classes: np.ndarray  # the classes as they were called before they were numbered
    shift: np.ndarray | None = None
    scale: np.ndarray | None = None
    image_shape: tuple[int, ...] | None = None  # (channels, height, width) where a datapoint is an image


def split(name: str, x: np.ndarray, y: np.ndarray, image_shape: tuple[int, ...] | None = None) -> Dataset:
    """Number the classes and hold out a fifth, drawn with a fixed seed.

    >>> data = split("demo", np.arange(10.0).reshape(5, 2), np.array([7, 3, 7, 3, 3]))
    >>> len(data.x), len(data.x_test), data.classes.tolist()
    (4, 1, [3, 7])
    """
    classes, y = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise DataError(f"{name}: a classifier needs two classes or more, got {len(classes)} in {len(y)} rows")
    order = np.random.default_rng(SPLIT_SEED).permutation(len(x))
    n_test = max(1, round(HELD_OUT * len(x)))
    train, test = order[n_test:], order[:n_test]
    return Dataset(x[train], y[train], x[test], y[test], classes, image_shape=image_shape)
