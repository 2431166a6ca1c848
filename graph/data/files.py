"""A file of one's own: FILE.npz with x and y, or FILE.csv with the class in its last column."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from graph.data.csv_file import read_csv
from graph.data.dataset import DataError, Dataset, split
from graph.data.npz_file import read_npz


def from_file(path: str) -> Dataset:
    """The file's datapoints, each feature shifted and scaled to mean 0 and deviation 1 over the training part."""
    try:
        x, y = read_npz(path) if path.endswith(".npz") else read_csv(path)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None
    data = split(path, x, y)
    shift, scale = data.x.mean(axis=0), data.x.std(axis=0)
    scale[scale <= 1e-12 * np.abs(shift)] = 1.0  # a feature that is constant, up to rounding
    x, x_test = (data.x - shift) / scale, (data.x_test - shift) / scale
    return replace(data, x=x, x_test=x_test, shift=shift, scale=scale)
