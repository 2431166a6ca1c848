"""The table of rules: which layers can be written flat, and by what."""

from __future__ import annotations

import layers as kit
from graph.flat.gates import add, divide, maximum, minimum, multiply, power, subtract
from graph.flat.pointwise import POINTWISE, Rules
from graph.flat.products import linear, matmul, mean, total
from graph.flat.recurrence import rnn_cell
from graph.flat.rule import Rule
from graph.flat.wirings import flatten, merge, reshape, select, transpose
from layers.base import Layer
from layers.errors import label

RULES: Rules = POINTWISE | {
    kit.Add: add,
    kit.Divide: divide,
    kit.Flatten: flatten,
    kit.Linear: linear,
    kit.MatMul: matmul,
    kit.Max: maximum,
    kit.Mean: mean,
    kit.Merge: merge,
    kit.Min: minimum,
    kit.Multiply: multiply,
    kit.Power: power,
    kit.RNNCell: rnn_cell,
    kit.Reshape: reshape,
    kit.Select: select,
    kit.Subtract: subtract,
    kit.Sum: total,
    kit.Transpose: transpose,
}


def rule_of(rules: Rules, place: str, layer: Layer, n: int) -> Rule:
    """The rule of a layer with n inputs, or an error that names the layer."""
    rule = rules.get(type(layer))
    if rule is None:
        known = ", ".join(sorted(kind.__name__ for kind in rules))
        remedy = f"give one by flat_code(model, rules={{...}}); there are rules for {known}"
        raise NotImplementedError(f'flat_code: no rule for layer "{place}", {label(layer)}: {remedy}')
    return rule(layer, n)
