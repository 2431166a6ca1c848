"""Minibatches: the rows of the data, in a new random order each epoch, a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from layers.base import Array
from layers.rng import Seed, generator, set_state, state_of


class Batches:
    """x and y in batches of `batch_size` rows; the last batch of an epoch is short if it must be, and kept.

    Shapes:    x (N, ...), or a tuple of such arrays for a model of several inputs; y likewise
    Raises:    ValueError if there are no datapoints, or the lengths of x and y differ; TypeError, ValueError for a
               batch_size that is not a whole number of 1 or more

    >>> batches = Batches([1, 2, 3], [10, 20, 30], batch_size=2, rng=0)
    >>> for x_b, y_b in batches.epoch():
    ...     print(x_b, y_b)
    [3 1] [30 10]
    [2] [20]
    """

    def __init__(self, x: Any, y: Any, batch_size: int, rng: Seed = 0) -> None:
        if isinstance(batch_size, bool) or not isinstance(batch_size, (int, np.integer)):
            raise TypeError(f"batch_size must be a whole number, got {batch_size!r}")
        if batch_size < 1:
            raise ValueError(f"batch_size must be 1 or more, got {batch_size}")
        self.x, self.y, self.n = paired("x", x, "y", y)
        self.batch_size = int(batch_size)
        self.rng = generator(rng)
        self._before: Array | None = None  # the generator as the order of this epoch was drawn from it
        self.at = 0  # rows of this epoch that have been given out

    def epoch(self) -> Iterator[tuple[Any, Any]]:
        """The batches of one epoch: a new order, or the rest of the one that `load_state` has brought back."""
        if self.at == 0:
            self._shuffle()
        while self.at < self.n:
            rows = self.order[self.at : self.at + self.batch_size]
            self.at += len(rows)
            yield take(self.x, rows), take(self.y, rows)
        self.at = 0

    def _shuffle(self) -> None:
        self._before = state_of(self.rng)
        self.order = self.rng.permutation(self.n)

    def sizes(self) -> list[int]:
        """How many rows each batch of an epoch has."""
        return [min(self.batch_size, self.n - start) for start in range(0, self.n, self.batch_size)]

    def state(self) -> dict[str, Array]:
        """Where the epoch stands: what made its order, how far it is, and the generator now."""
        now = state_of(self.rng)
        return {"before": now if self._before is None else self._before, "now": now, "at": np.array(self.at)}

    def load_state(self, state: Mapping[str, Array]) -> None:
        """Go to the place in an epoch that `state()` was taken at: the same rows in the same order will follow."""
        set_state(self.rng, state["before"])
        self._shuffle()
        set_state(self.rng, state["now"])
        self.at = int(state["at"])


def take(values: Any, rows: Any) -> Any:
    """The given rows, of each array if there are several."""
    return tuple(part.take(rows, 0) for part in values) if type(values) is tuple else values.take(rows, 0)


def paired(x_name: str, x: Any, y_name: str, y: Any) -> tuple[Any, Any, int]:
    """x and y as arrays (or tuples of arrays) of one length, and that length."""
    x, y = rows_of(x_name, x), rows_of(y_name, y)
    lengths = {len(part) for value in (x, y) for part in (value if type(value) is tuple else (value,))}
    if len(lengths) > 1:
        raise ValueError(f"{x_name} and {y_name} must have the same length, got {_length(x)} and {_length(y)}")
    n = lengths.pop()
    if n == 0:
        raise ValueError(f"{x_name} and {y_name} must hold at least one datapoint, got none")
    return x, y, n


def rows_of(name: str, values: Any) -> Any:
    """`values` as an array of numbers with rows, or a tuple of such."""
    if type(values) is tuple:
        if not values:
            raise ValueError(f"{name} must be an array or a tuple of arrays, got an empty tuple")
        return tuple(rows_of(f"{name}[{i}]", part) for i, part in enumerate(values))
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be an array, got rows of unequal length") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be an array of real numbers, got {_kind(values, array)}")
    if array.ndim == 0:
        raise ValueError(f"{name} must be an array whose rows are datapoints, got the single number {array}")
    return array


def _kind(values: Any, array: Array) -> str:
    return type(values).__name__ if array.dtype == object else f"dtype {array.dtype}"


def _length(values: Any) -> Any:
    return tuple(len(part) for part in values) if type(values) is tuple else len(values)
