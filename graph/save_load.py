"""save and load: a model's numbers in a .npz file, by name; the model itself is code."""

from __future__ import annotations

import os

from graph.archive import check_alike, check_names, naming, part, read_archive, under, write_archive
from graph.naming.places import check_model
from layers.base import Layer


def save(model: Layer, path: str | os.PathLike) -> None:
    """Write a model's parameters and state to exactly `path` (nothing is appended; end it in .npz for np.load).

    Raises:    OSError if the file cannot be written; an old file of that name is untouched then

    A tied parameter is written once, under its first name. The entries are "params/0.W", "state/1.rng", ...
    """
    check_model(model, "save")
    write_archive(path, "model", under("params", model.params) | under("state", model.state()))


def load(model: Layer, path: str | os.PathLike) -> None:
    """Put the numbers that `save` wrote into a model built like the saved one; in place, so that ties hold.

    Raises:    FileNotFoundError; ValueError for a truncated, foreign or pickled file; ParameterNameError, ShapeError or
               DtypeError (ValueErrors too) where names, shapes or dtypes are not the model's. The file is named, and
               the model untouched.

    >>> import tempfile
    >>> from layers import Linear
    >>> path = tempfile.mkdtemp() + "/model.npz"
    >>> save(Linear.from_arrays([[1.0, 2.0]], [3.0]), path)
    >>> model = Linear(2, 1, rng=0)
    >>> load(model, path)
    >>> model.params
    {'W': array([[1., 2.]]), 'b': array([3.])}
    """
    check_model(model, "load")
    arrays = read_archive(path, "model")
    params, state = part(arrays, "params"), part(arrays, "state")
    check_alike(path, params, model.params)
    check_names(path, state, model.state(), "state")
    with naming(path):
        model.load_state(state)
    for name, theta in model.params.items():
        theta[...] = params[name]
