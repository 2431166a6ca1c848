"""Models built, looked at and trained wrongly: (a call, or what is changed in a right one; error, words)."""

from __future__ import annotations

import numpy as np

from graph import Parallel, Sequential, check_gradients, fit, jacobian, numerical_gradient, sgd
from layers import (
    Branch,
    Dropout,
    Embedding,
    Identity,
    Linear,
    ParameterNameError,
    ReLU,
    Scale,
    ShapeError,
    SharedLayerError,
)
from losses import L2Loss, L2Penalty
from tests.graph.misuses.subjects import (
    CHAIN,
    ONE,
    X,
    ones,
)

BUILD = {
    "shared layer": (
        lambda: Sequential(ONE, ReLU(), ONE),
        SharedLayerError, ["Sequential", '"0" and "2"', "Linear(4 -> 4)", "tied()"],
    ),
    "shared across nesting": (
        lambda: Sequential(ONE, Parallel(Identity(), ONE)),
        SharedLayerError, ["Sequential", '"0" and "1.1"'],
    ),
    "a class for an instance": (
        lambda: Sequential(Linear(4, 3, rng=0), ReLU),
        TypeError, ["Sequential", '"1"', "an instance"],
    ),
    "a function for a layer": (lambda: Sequential(np.tanh), TypeError, ["Sequential", '"0" must be a Layer', "tanh"]),
    "some named": (lambda: Sequential(ReLU(), out=ReLU()), TypeError, ["Sequential", "all layers or none", "out"]),
    "a dot in a name": (lambda: Sequential(**{"a.b": ReLU()}), ValueError, ["Sequential", "dot", '"a.b"']),
    "linear of nothing": (lambda: Linear(0, 3), ValueError, ["Linear", "n_in", "1 or more", "got 0"]),
    "linear, arrays": (lambda: Linear.from_arrays(ones(3)), ShapeError, ["Linear", "(n_out, n_in)", "(3,)"]),
    "linear, bias": (
        lambda: Linear.from_arrays(ones((3, 2)), ones(2)),
        ShapeError, ["Linear", "b must be (3,)", "(2,)"],
    ),
    "a seed of words": (lambda: Linear(2, 2, rng="zero"), TypeError, ["rng", "int seed", "'zero'"]),
    "branch of none": (lambda: Branch(0), ValueError, ["Branch", "n must be 1 or more", "0"]),
    "dropout of all": (lambda: Dropout(1.0), ValueError, ["Dropout", "p must be less than 1", "1.0"]),
    "scale by a word": (lambda: Scale("two"), TypeError, ["Scale", "'two'"]),
    "reduction": (
        lambda: L2Loss(reduction="average"),
        ValueError, ["L2Loss", '"mean", "sum" or "none"', "'average'"],
    ),
    "penalty below zero": (lambda: L2Penalty(-1.0), ValueError, ["L2Penalty", "0 or more", "-1.0"]),
    "a layer by a wrong name": (lambda: CHAIN["middle"], KeyError, ["Sequential", "middle", "hidden, act, out"]),
    "assigning a parameter": (
        lambda: CHAIN.params.__setitem__("hidden.W", ones((3, 4))),
        TypeError, ["read-only", '["hidden.W"][...]'],
    ),
    "fit, resume": (lambda: train(resume=True), ValueError, ["resume=True needs checkpoint=path"]),
    "fit, validation": (lambda: train(validation=3), TypeError, ["validation must be a pair (x, y)", "got int"]),
    "predict, batch": (lambda: CHAIN.predict(X, batch_size=0), ValueError, ["batch_size must be 1 or more", "got 0"]),
    "predict, half a batch": (lambda: CHAIN.predict(X, batch_size=1.5), TypeError, ["batch_size must be", "got 1.5"]),
    "predict, columns": (lambda: CHAIN.predict(ones((5, 9))), ShapeError, ["Sequential, layer 0", "hidden", "(5, 9)"]),
    "jacobian, a name": (lambda: jacobian(CHAIN, X, wrt="W"), ParameterNameError, ["Sequential", "'W'", "hidden.W"]),
    "jacobian, a size": (
        lambda: jacobian(CHAIN, X, max_bytes=9),
        ValueError, ["Sequential", "(5, 2, 5, 4)", "1.56 KB", "9 bytes"],
    ),
    "jacobian, indices": (
        lambda: jacobian(Embedding(4, 2, rng=0), np.array([1])),
        TypeError, ["Embedding(4, 2)", "no gradient", "wrt"],
    ),
    "gradient check, g_out": (
        lambda: check_gradients(ReLU(), X, g_out=ones(3)),
        ShapeError, ["ReLU(", "(5, 4)", "(3,)"],
    ),
    "gradient, g_out": (
        lambda: numerical_gradient(np.sin, X, ones(3)),
        ShapeError, ["numerical_gradient", "(5, 4)", "(3,)"],
    ),
}  # fmt: skip


def train(how=fit, **changed):
    """A call of fit that is right but for what is changed."""
    data = {"model": CHAIN, "loss": L2Loss(), "x": X, "y": ones((5, 2))} | changed
    options = {"epochs": 1, "batch_size": 2, "lr": 0.1} | ({} if how is sgd else {"progress": False}) | changed
    four = [data.pop(name) for name in ("model", "loss", "x", "y")]
    return how(*four, **{name: value for name, value in options.items() if name not in ("model", "loss", "x", "y")})


TRAIN = {
    "a class for a model": ({"model": Linear}, TypeError, ["model must be a layer", "class Linear", "an instance"]),
    "nothing to train": ({"model": ReLU()}, ValueError, ["model must have parameters", "ReLU("]),
    "a class for a loss": ({"loss": L2Loss}, TypeError, ["loss must have forward and backward", "class L2Loss"]),
    "a loss for each": ({"loss": L2Loss(reduction="none")}, ValueError, ["loss must give one number", "L2Loss("]),
    "rows of y": ({"y": ones((4, 2))}, ValueError, ["5", "4"]),
    "no rows": ({"x": ones((0, 4)), "y": ones((0, 2))}, ValueError, ["x and y", "at least one datapoint", "none"]),
    "epochs": ({"epochs": -1}, ValueError, ["epochs must be 0 or more", "-1"]),
    "half an epoch": ({"epochs": 0.5}, TypeError, ["epochs must be a whole number", "0.5"]),
    "batch size": ({"batch_size": 0}, ValueError, ["batch_size must be 1 or more", "0"]),
    "lr below zero": ({"lr": -0.1}, ValueError, ["lr must be", "0 or more", "-0.1"]),
    "lr of words": ({"lr": "fast"}, TypeError, ["lr must be a number or a function", "'fast'"]),
    "optimizer, a class": ({"optimizer": Linear}, TypeError, ["optimizer must", "class Linear"]),
    "columns of x": ({"x": ones((5, 9))}, ShapeError, ["Sequential, layer 0", '"hidden"', "(..., 4)", "9)"]),
    "columns of y": ({"y": ones((5, 1))}, ShapeError, ["L2Loss(", "2)", "1)"]),
    "a seed": ({"rng": "zero"}, TypeError, ["rng", "int seed", "'zero'"]),
}  # fmt: skip
