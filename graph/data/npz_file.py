"""FILE.npz: numpy's own archive, holding x (datapoints in rows) and y (their classes)."""

from __future__ import annotations

import pickle
import zipfile
import zlib

import numpy as np

from graph.data.dataset import DataError


def read_npz(path: str) -> tuple[np.ndarray, np.ndarray]:
    """x as rows of finite numbers, y as whole numbers; Python objects (pickles) are never opened."""
    x, y = _arrays(path)
    for name, array in (("x", x), ("y", y)):
        if array.dtype.kind not in "fiub":
            raise DataError(f"{path}: {name} must hold numbers, got {array.dtype}")
        for where in np.argwhere(~np.isfinite(array))[:1]:
            raise DataError(f"{path}: {name}{where.tolist()} must be a finite number, got {array[tuple(where)]}")
    if x.ndim < 2 or x.size == 0 or y.shape not in ((len(x),), (len(x), 1)):
        raise DataError(f"{path}: x must be (N, features) and y (N,), got x {x.shape} and y {y.shape}")
    y = y.ravel()
    for row in np.flatnonzero(y != np.round(y))[:1]:
        raise DataError(f"{path}: y[{row}] must be a whole number, a class, got {y[row]}")
    return x.reshape(len(x), -1).astype(np.float64), y


def _arrays(path: str) -> tuple[np.ndarray, np.ndarray]:
    with open(path, "rb") as file:
        try:
            archive = np.load(file, allow_pickle=False)
            names = getattr(archive, "files", None)
            if names is not None and {"x", "y"} <= set(names):
                return archive["x"], archive["y"]
        except (ValueError, EOFError, pickle.UnpicklingError, zipfile.BadZipFile, zlib.error) as error:
            pickled = "pickle" in str(error).lower()
            held = "holds Python objects, which are never opened" if pickled else f"is no .npz archive ({error})"
            raise DataError(f"{path}: {held}; write it with np.savez(path, x=..., y=...)") from None
    raise DataError(f"{path}: must hold x and y, got {', '.join(names or []) or 'one array without a name'}")
