"""Whether a notebook is there, what it shows pictures with, and which of its cells is running."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def notebook_shell() -> Any:
    """The running notebook's IPython shell, or None in a terminal or a script."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    shell = get_ipython()
    return shell if hasattr(shell, "kernel") else None


def notebook_display() -> Callable[..., Any] | None:
    """The notebook's `display`, or None outside of one."""
    if notebook_shell() is None:
        return None
    from IPython.display import display

    return display


def notebook_cell() -> int | None:
    """The number of the cell that is running, or None outside of a notebook."""
    shell = notebook_shell()
    return None if shell is None else shell.execution_count
