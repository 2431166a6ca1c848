"""The rule of a layer in one line: what its docstring says under Equation."""

from __future__ import annotations

import inspect
import re
from typing import Any


def rules_of(layer: Any) -> tuple[str, str, tuple[str, ...]]:
    """(forward, backward, those of the parameters), as the docstring prints them, or else the general ones.

    >>> from layers import Linear
    >>> rules_of(Linear(2, 1, rng=0))[0]
    'x_out = x_in W^T + b  (W x_in + b for a column x_in)'
    >>> rules_of(Linear(2, 1, rng=0))[1]
    'g_in = g_out W  (L^x = W)'
    """
    lines = _equations(inspect.getdoc(type(layer)) or "")
    forward = next((line for line in lines if not re.match(r"g_|dJ/", line)), "x_out = f(x_in, theta)")
    backward = next((line for line in lines if line.startswith("g_")), "g_in = g_out L^x")
    return forward, backward, tuple(line for line in lines if line.startswith("dJ/"))


def _equations(doc: str) -> list[str]:
    """The lines of the Equation part that state something; a line that only continues is left out."""
    found = re.search(r"^Equation:(.*?)(?=^\S|^\s*$|\Z)", doc, re.MULTILINE | re.DOTALL)
    lines = found.group(1).splitlines() if found else []
    return [re.sub(r"\s{2,}", "  ", line.strip()) for line in lines if "=" in line]
