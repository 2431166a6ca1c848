"""forward called with what it cannot take: (layer, x_in that is right, x_in that is wrong, error, words)."""

from __future__ import annotations

import numpy as np

from layers import (
    Add,
    BatchNorm,
    Conv2d,
    Divide,
    DtypeError,
    Embedding,
    LayerNorm,
    MatMul,
    MaxPool2d,
    Merge,
    Multiply,
    Reshape,
    ShapeError,
)
from losses import BinaryCrossEntropy, L1Loss, L2Loss, SoftmaxCrossEntropy, SVMLoss
from tests.graph.misuses.subjects import (
    IMAGE,
    LABELLED,
    PAIR,
    XY,
    X,
    around_own,
    chain,
    linear,
    nested,
    ones,
    product,
    two_ways,
)

FORWARD = {
    "linear, columns": (
        linear, X, ones((5, 3)),
        ShapeError, ["Linear(4 -> 3)", "x_in must be (..., 4)", "got (5, 3)"],
    ),
    "linear, a scalar": (linear, X, 1.0, ShapeError, ["Linear(4 -> 3)", "(..., 4)", "got ()"]),
    "linear, words": (linear, X, ["a", "b"], DtypeError, ["Linear(4 -> 3)", "real numbers", "got <U1"]),
    "linear, complex": (linear, X, ones(4) * 1j, DtypeError, ["Linear(4 -> 3)", "real numbers", "complex128"]),
    "linear, None": (linear, X, None, DtypeError, ["Linear(4 -> 3)", "real numbers", "NoneType"]),
    "linear, ragged rows": (linear, X, [[1.0], [1.0, 2.0]], ShapeError, ["Linear(4 -> 3)", "unequal length"]),
    "linear, two wires": (linear, X, (X, X), ShapeError, ["Linear(4 -> 3)", "one array", "a tuple of 2", "Merge"]),
    "chain, columns": (chain, X, ones((5, 9)), ShapeError, ["Sequential, layer 0", '"hidden"', "(..., 4)", "(5, 9)"]),
    "nested, columns": (nested, X, ones((5, 9)), ShapeError, ["Sequential, layer 0 (Linear(4 -> 4))", "(5, 9)"]),
    "parallel, one wire": (two_ways, (X, X), X, ShapeError, ["Parallel", "tuple of 2", "got (5, 4)"]),
    "parallel, three wires": (two_ways, (X, X), (X, X, X), ShapeError, ["Parallel", "of 2", "a tuple of 3"]),
    "parallel, inside": (two_ways, (X, X), (ones(3), X), ShapeError, ["Parallel, layer 0", "(..., 4)", "got (3,)"]),
    "add, shapes": (Add, (X, X), (X, ones((5, 3))), ShapeError, ["Add()", "one shape", "(5, 4) and (5, 3)"]),
    "add, not a tuple": (Add, (X, X), X, ShapeError, ["Add()", "tuple", "got (5, 4)"]),
    "add, float32 and float64": (
        Add, (X, X), (X, X.astype(np.float32)),
        DtypeError, ["Add()", "float32 and float64"],
    ),
    "multiply, shapes": (Multiply, (X, X), (X, ones(5)), ShapeError, ["Multiply()", "(5, 4) and (5,)"]),
    "divide, three": (Divide, (X, X), (X, X, X), ShapeError, ["Divide()", "tuple of 2", "a tuple of 3"]),
    "matmul, shapes": (MatMul, (X, ones((4, 2))), (X, ones((5, 2))), ShapeError, ["MatMul()", "(5, 4)", "(5, 2)"]),
    "merge, dtypes": (Merge, (X, X), (X, X.astype(np.float32)), DtypeError, ["Merge(", "float32 and float64"]),
    "merge, rows": (Merge, (X, X), (X, ones((6, 4))), ShapeError, ["Merge(", "(5, 4)", "(6, 4)"]),
    "embedding, out of range": (
        lambda: Embedding(4, 2, rng=0), np.array([1]), np.array([4]),
        ValueError, ["Embedding(4, 2)", "between 0 and 3", "got 4"],
    ),
    "embedding, floats": (
        lambda: Embedding(4, 2, rng=0), np.array([1]), ones(2),
        DtypeError, ["Embedding(4, 2)", "integers", "float64"],
    ),
    "conv, channels": (
        lambda: Conv2d(3, 2, 3, rng=0), IMAGE, ones((2, 4, 6, 6)),
        ShapeError, ["Conv2d(3", "3", "(2, 4, 6, 6)"],
    ),
    "conv, a vector": (lambda: Conv2d(3, 2, 3, rng=0), IMAGE, ones(7), ShapeError, ["Conv2d(3", "(7,)"]),
    "conv, too small": (
        lambda: Conv2d(3, 2, 3, rng=0), IMAGE, ones((2, 3, 2, 2)),
        ShapeError, ["Conv2d(3", "(2, 3, 2, 2)"],
    ),
    "pool, too small": (lambda: MaxPool2d(4), IMAGE, ones((2, 3, 2, 2)), ShapeError, ["MaxPool2d(", "(2, 3, 2, 2)"]),
    "batchnorm, features": (lambda: BatchNorm(4), X, ones((5, 3)), ShapeError, ["BatchNorm(4", "4", "(5, 3)"]),
    "layernorm, features": (lambda: LayerNorm(4), X, ones((5, 3)), ShapeError, ["LayerNorm(", "4", "(5, 3)"]),
    "reshape, size": (lambda: Reshape((2, 2)), X, ones((5, 3)), ShapeError, ["Reshape(", "(5, 3)"]),
    "graph, one input": (product, XY, (X,), ShapeError, ["Graph", "2 (x, y)", "got 1"]),
    "graph, inside": (
        product, XY, (ones((5, 2)), XY[1]),
        ShapeError, ["Graph, layer 0", '"hidden"', "(..., 4)", "(5, 2)"],
    ),
    "graph, at the gate": (product, XY, (X, ones((5, 2))), ShapeError, ["Graph, layer 1", "(5, 3) and (5, 2)"]),
    "loss, a column against a row": (
        L2Loss, PAIR, (ones((5, 1)), ones(5)),
        ShapeError, ["L2Loss(", "(5, 1)", "got (5,)"],
    ),
    "loss, rows": (L1Loss, PAIR, (ones((5, 3)), ones((4, 3))), ShapeError, ["L1Loss(", "(5, 3)", "got (4, 3)"]),
    "loss, empty": (L2Loss, PAIR, (ones((0, 3)), ones((0, 3))), ShapeError, ["L2Loss(", "empty batch", "(0, 3)"]),
    "logits, shape": (
        BinaryCrossEntropy, PAIR, (ones((5, 1)), ones(5)),
        ShapeError, ["BinaryCrossEntropy(", "(5, 1)", "(5,)"],
    ),
    "labels, out of range": (
        SoftmaxCrossEntropy, LABELLED, (ones((2, 3)), np.array([0, 3])),
        ValueError, ["SoftmaxCrossEntropy(", "label 3", "0 to 2"],
    ),
    "labels, negative": (
        SVMLoss, LABELLED, (ones((2, 3)), np.array([-1, 0])),
        ValueError, ["SVMLoss(", "label -1", "0 to 2"],
    ),
    "labels, floats": (
        SoftmaxCrossEntropy, LABELLED, (ones((2, 3)), ones(2)),
        DtypeError, ["integer labels", "float64"],
    ),
    "labels, one-hot": (
        SVMLoss, LABELLED, (ones((2, 3)), np.eye(3, dtype=int)[:2]),
        ShapeError, ["SVMLoss(", "(2,)", "got (2, 3)"],
    ),
    "own layer, its own error": (
        around_own, X, ones((5, 9)),
        ShapeError, ["Sequential, layer 0", '"first"', "(5, 9)"],
    ),
}  # fmt: skip
