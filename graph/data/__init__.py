"""Data to train on: the digits, three made-up problems in the plane, or a file of one's own."""

from __future__ import annotations

from graph.data.dataset import DataError as DataError
from graph.data.dataset import Dataset as Dataset
from graph.data.digits import digits
from graph.data.files import from_file
from graph.data.made import moons, spiral, xor

NAMED = {"digits": digits, "spiral": spiral, "moons": moons, "xor": xor}


def load(source: str) -> Dataset:
    """The data behind a name ("digits", "spiral", "moons", "xor") or a path (FILE.npz, FILE.csv).

    >>> load("xor").x.shape
    (320, 2)
    >>> load("nowhere.csv")
    Traceback (most recent call last):
    ...
    graph.data.dataset.DataError: nowhere.csv: no such file
    """
    if source in NAMED:
        return NAMED[source]()
    if source.endswith((".npz", ".csv")):
        return from_file(source)
    raise DataError(f"{source}: expected {', '.join(NAMED)}, FILE.npz or FILE.csv")
