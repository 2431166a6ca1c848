"""Memory: what a step has freed stays with the process, so that the next step does not fetch it page by page."""

from __future__ import annotations

import numpy as np


def keep_freed_memory() -> None:
    """Make glibc's malloc keep up to 64 MB of freed memory; elsewhere nothing happens.

    By itself it gives back whatever is free at the top of its heap beyond 128 KB, and faults it in again 4 KB at a
    time, 1.5 us each: 300 faults a step of 100 x (Linear 64 + ReLU), a third of its time. It keeps twice the size of
    the largest block that was ever mapped by itself and freed, so one block that nobody writes to is made and let go:
    15 us, once, when `layers` is imported.
    """
    np.empty(2**25 - 2**16, np.uint8)
