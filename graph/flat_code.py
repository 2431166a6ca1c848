"""Flat code: a model written out as straight-line Python, forward, then backward in exactly the reverse order."""

from __future__ import annotations

from typing import Any

from graph.dag import Graph
from graph.flat.ends import write_loss, write_penalty
from graph.flat.flatten import Flattener
from graph.flat.helpers import helpers_for
from graph.flat.pointwise import Rules
from graph.flat.script import Script
from graph.naming.places import check_model
from graph.wiring.arity import inputs_of
from layers.base import Layer


def flat_code(model: Layer, loss: Any = None, penalty: Any = None, *, rules: Rules | None = None) -> str:
    """The source of a function `flat` that does what the model does, and needs numpy alone.

    Equation:  x_out, gradients = flat(*inputs, y, params, grad_x_out=1.0)
    Shapes:    inputs: those of a Graph by their names, else x; y only with a loss; params, a dict like model.params,
               only if there are parameters; gradients: a dict by the names of inputs and of parameters
    Raises:    NotImplementedError naming the layer (or loss) that has no rule in graph/flat
    Source:    slides, "Backprop implementation: flat code"

    With a loss the value returned is J; several outputs are a tuple, each with a `grad_` argument of its own. A layer
    of one's own gets a rule by `rules={Cube: lambda layer, n: Rule("{x} ** 3", ("{g} * 3 * {x} ** 2",))}`. Run the
    model forward once before, and the code is for inputs of those shapes, with no sums that they do not need.

    >>> g = Graph()
    >>> x, y, z = g.input("x"), g.input("y"), g.input("z")
    >>> g.output((x + y) * z)
    >>> _ = g.forward(-2.0, 5.0, -4.0)
    >>> print(flat_code(g))
    import numpy as np
    <BLANKLINE>
    <BLANKLINE>
    def flat(x, y, z, grad_multiply=1.0):
        # forward
        add = x + y
        multiply = add * z
        # backward
        grad_multiply = np.ones_like(multiply) * grad_multiply  # what comes in: 1 unless given
        grad_add = grad_multiply * z  # multiply = add * z
        grad_z = grad_multiply * add  # multiply = add * z
        grad_x = grad_add  # add = x + y
        grad_y = grad_add  # add = x + y
        return multiply, {"x": grad_x, "y": grad_y, "z": grad_z}
    <BLANKLINE>
    >>> space = {}
    >>> exec(flat_code(g), space)
    >>> value, gradients = space["flat"](-2.0, 5.0, -4.0)
    >>> float(value), float(gradients["x"])            # (-2 + 5) * -4, and -4
    (-12.0, -4.0)
    """
    check_model(model, "flat_code")
    script = Script()
    inputs = {name: script.name(name) for name in input_names(model)}
    flattener = Flattener(script, model, rules or {})
    outputs = flattener.run(model, tuple(inputs.values()))
    arguments = list(inputs.values())
    if loss is not None:
        arguments.append(script.name("y"))
        outputs = (write_loss(script, loss, outputs[0], arguments[-1]),)
    if penalty is not None:
        outputs = (write_penalty(script, penalty, outputs[0], flattener.params),)
    if flattener.params:
        arguments.append("params")
    arguments += [f"{script.seed(output)}=1.0" for output in outputs]
    return source(script, arguments, inputs, flattener.params, outputs)


def input_names(model: Layer) -> list[str]:
    """What goes in, by name."""
    if isinstance(model, Graph):
        return [wire.name for wire in model.inputs]
    n = inputs_of(model) or 1
    return ["x"] if n == 1 else [f"x_{i}" for i in range(n)]


def source(
    script: Script, arguments: list[str], inputs: dict[str, str], params: dict[str, str], outputs: tuple[str, ...]
) -> str:
    """The text of the function, with the helpers it uses in front."""
    returned = ", ".join(f'"{name}": grad_{variable}' for name, variable in (inputs | params).items())
    value = outputs[0] if len(outputs) == 1 else f"({', '.join(outputs)})"
    body = [
        *(f'{variable} = params["{name}"]' for name, variable in params.items()),
        "# forward",
        *script.forward_lines(),
        "# backward",
        *script.backward_lines(),
        f"return {value}, {{{returned}}}",
    ]
    text = "\n".join(f"    {line}" for line in body)
    return "\n\n\n".join(["import numpy as np", *helpers_for(text), f"def flat({', '.join(arguments)}):\n{text}\n"])
