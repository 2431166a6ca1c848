"""The script: the forward assignments in order, and what each hands back, which is the backward pass."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable
from typing import NamedTuple

from graph.flat.helpers import HELPERS


class Assignment(NamedTuple):
    """One line of the forward pass, `target = expression`, and what its mirror images add to which gradients."""

    target: str
    expression: str
    backward: tuple[tuple[str, str], ...]  # (variable, what is added to its gradient)

    def __str__(self) -> str:
        return f"{self.target} = {self.expression}"


class Script:
    """Assignments with names of their own.

    >>> script = Script()
    >>> x = script.name("x")
    >>> script.assign("q", "3.0 * x", [("x", "3.0 * grad_q")])
    'q'
    >>> script.forward_lines(), script.backward_lines()
    (['q = 3.0 * x'], ['grad_x = 3.0 * grad_q  # q = 3.0 * x'])
    """

    def __init__(self) -> None:
        self.assignments: list[Assignment] = []
        self.seeds: list[tuple[str, str]] = []  # (output, the argument with the gradient that comes in there)
        self.taken = {"np", "params", "flat", "tuple", "range", *HELPERS}

    def name(self, wish: str) -> str:
        """A variable of that name, or near it: a Python identifier, not taken, and neither is grad_ of it."""
        wish = re.sub(r"\W+", "_", wish).strip("_") or "v"
        wish = f"v{wish}" if wish[0].isdigit() else f"{wish}_" if keyword.iskeyword(wish) else wish
        name, count = wish, 1
        while {name, f"grad_{name}"} & self.taken:
            count += 1
            name = f"{wish}_{count}"
        self.taken |= {name, f"grad_{name}"}
        return name

    def assign(self, target: str, expression: str, backward: Iterable[tuple[str, str]] = ()) -> str:
        """Write one forward line and note what goes back; returns the target."""
        self.assignments.append(Assignment(target, expression, tuple(backward)))
        return target

    def seed(self, output: str) -> str:
        """Let a gradient in at an output; returns the name of its argument."""
        argument = f"grad_{output}" if output not in dict(self.seeds) else self.name(f"grad_{output}")
        self.seeds.append((output, argument))
        return argument

    def forward_lines(self) -> list[str]:
        """The assignments as they stand, in order."""
        return [str(assignment) for assignment in self.assignments]

    def backward_lines(self) -> list[str]:
        """The mirror image: the last assignment first; the first gradient of a variable is set, all others add."""
        additions = [(x, f"np.ones_like({x}) * {g}", "what comes in: 1 unless given") for x, g in self.seeds]
        for assignment in reversed(self.assignments):
            additions += [(x, expression, str(assignment)) for x, expression in assignment.backward]
        left = [x for x, _, _ in additions]
        lines, seen = [], set()
        for x, expression, mirrored in additions:
            left.remove(x)
            sign = "+=" if x in seen else "="
            if x not in seen and x in left and is_alias(expression):
                expression = f"1.0 * {expression}"  # an array of its own, for the += that follows
            seen.add(x)
            lines.append(f"grad_{x} {sign} {expression}  # {mirrored}")
        return lines


def is_alias(expression: str) -> bool:
    """Whether an expression may hand on the memory of another variable: a name alone, or a view of it.

    >>> is_alias("grad_q"), is_alias("np.reshape(grad_q, np.shape(x))"), is_alias("grad_q * z")
    (True, True, False)
    """
    return bool(re.fullmatch(r"\w+|np\.(reshape|moveaxis|split)\(.*[)\]]", expression))
