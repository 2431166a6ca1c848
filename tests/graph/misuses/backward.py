"""backward, update and load_state called wrongly, after a forward that was right or before any.

The words name the place, what was expected, and what came.
"""

from __future__ import annotations

from layers import (
    Add,
    BatchNorm,
    Branch,
    Dropout,
    DtypeError,
    Flatten,
    ParameterNameError,
    ReLU,
    ShapeError,
)
from losses import L2Loss, L2Penalty
from tests.graph.misuses.subjects import (
    PAIR,
    XY,
    X,
    chain,
    linear,
    nested,
    ones,
    product,
    two_ways,
)

BACKWARD = {
    "linear, rows": (linear, X, ones((4, 3)), ShapeError, ["Linear(4 -> 3)", "g_out", "(5, 3)", "got (4, 3)"]),
    "linear, that would broadcast": (linear, X, ones((5, 1)), ShapeError, ["Linear(4 -> 3)", "(5, 3)", "got (5, 1)"]),
    "linear, a scalar": (linear, X, 1.0, ShapeError, ["Linear(4 -> 3)", "(5, 3)", "got ()"]),
    "linear, None": (linear, X, None, DtypeError, ["Linear(4 -> 3)", "g_out", "NoneType"]),
    "linear, a tuple": (linear, X, (ones((5, 3)),), ShapeError, ["Linear(4 -> 3)", "g_out", "a tuple of 1"]),
    "relu, shape": (ReLU, X, ones((5, 1)), ShapeError, ["ReLU(", "(5, 4)", "got (5, 1)"]),
    "add, shape": (Add, (X, X), ones(4), ShapeError, ["Add()", "(5, 4)", "got (4,)"]),
    "branch, one array": (lambda: Branch(2), X, X, ShapeError, ["Branch(2)", "tuple of 2", "got (5, 4)"]),
    "branch, three": (lambda: Branch(2), X, (X, X, X), ShapeError, ["Branch(2)", "tuple of 2", "a tuple of 3"]),
    "chain, shape": (chain, X, ones((5, 3)), ShapeError, ["Sequential, layer 2", '"out"', "(5, 2)", "got (5, 3)"]),
    "nested, shape": (nested, X, ones((5, 3)), ShapeError, ["Sequential, layer 1", "(5, 4)", "got (5, 3)"]),
    "parallel, one array": (two_ways, (X, X), X, ShapeError, ["Parallel", "tuple of 2", "(5, 4)"]),
    "graph, shape": (product, XY, ones((5, 4)), ShapeError, ["Graph, layer 1", "(5, 3)", "got (5, 4)"]),
    "graph, a tuple": (product, XY, (X, X), ShapeError, ["Graph", "one array", "a tuple of 2"]),
    "loss, g_out": (L2Loss, PAIR, ones(3), ShapeError, ["L2Loss(", "()", "got (3,)"]),
    "flatten, shape": (
        Flatten, ones((5, 2, 2)), ones((5, 2, 2)),
        ShapeError, ["Flatten(", "(5, 4)", "got (5, 2, 2)"],
    ),
}  # fmt: skip

UPDATE = {
    "unknown name": (
        linear, {"b": ones(3), "V": ones(3)}, 0.1,
        ParameterNameError, ["Linear(4 -> 3)", "'V'", "W, b"],
    ),
    "shape": (
        linear, {"b": ones(3), "W": ones((4, 3))}, 0.1,
        ShapeError, ["Linear(4 -> 3)", '"W"', "(3, 4)", "got (4, 3)"],
    ),
    "that would broadcast": (linear, {"W": ones((3, 4)), "b": ones(1)}, 0.1, ShapeError, ['"b"', "(3,)", "got (1,)"]),
    "lr is nan": (linear, {"b": ones(3)}, float("nan"), ValueError, ["Linear(4 -> 3)", "lr must be finite", "nan"]),
    "lr is a word": (linear, {"b": ones(3)}, "fast", TypeError, ["Linear(4 -> 3)", "lr must be a number", "'fast'"]),
    "gradient of words": (linear, {"W": ones((3, 4)), "b": ["a"] * 3}, 0.1, DtypeError, ['"b"', "real numbers"]),
    "chain, unknown name": (
        chain, {"out.b": ones(2), "W": ones(3)}, 0.1,
        ParameterNameError, ["Sequential", "'W'", "hidden.W"],
    ),
    "chain, shape": (
        chain, {"hidden.b": ones(3), "out.b": ones(3)}, 0.1,
        ShapeError, ["Sequential", '"out.b"', "(2,)", "(3,)"],
    ),
    "no parameters": (ReLU, {"W": ones(3)}, 0.1, ParameterNameError, ["ReLU(", "'W'", "none"]),
    "graph, shape": (product, {"hidden.b": ones(4)}, 0.1, ShapeError, ["Graph", '"hidden.b"', "(3,)", "got (4,)"]),
}  # fmt: skip

STATE = {
    "of a layer without": (linear, {"rng": ones(3)}, ParameterNameError, ["Linear(4 -> 3)", "no state", "rng"]),
    "dropout, a name": (lambda: Dropout(0.5, rng=0), {"mask": ones(3)}, ParameterNameError, ["Dropout(0.5)", "mask"]),
    "batchnorm, a name": (lambda: BatchNorm(3), {"mean": ones(3)}, ParameterNameError, ["BatchNorm(3", "mean"]),
    "batchnorm, a shape": (
        lambda: BatchNorm(3), {"running_mean": ones(4)},
        ShapeError, ["BatchNorm(3", "(3,)", "(4,)"],
    ),
    "chain, a place": (chain, {"nobody.rng": ones(3)}, ParameterNameError, ["Sequential", "nobody.rng"]),
}  # fmt: skip

FRESH = {
    "linear": (linear, ones((5, 3)), ["Linear(4 -> 3)", "forward"]),
    "relu": (ReLU, X, ["ReLU(", "forward"]),
    "branch": (lambda: Branch(2), (X, X), ["Branch(2)", "forward"]),
    "chain": (chain, ones((5, 2)), ["Sequential", "forward"]),
    "parallel": (two_ways, (ones((5, 3)), X), ["Parallel", "forward"]),
    "graph": (product, ones((5, 3)), ["Graph", "forward"]),
    "loss": (L2Loss, None, ["L2Loss(", "forward(y_hat, y)"]),
    "penalty": (lambda: L2Penalty(0.1), None, ["L2Penalty(", "forward(params)"]),
}
