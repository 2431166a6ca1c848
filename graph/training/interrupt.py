"""Ctrl-C, kept until the step is finished: training stops between two steps, never inside an update."""

from __future__ import annotations

import signal
import threading
from types import FrameType


class Interrupt:
    """While this context is open the first Ctrl-C only sets `asked`; a second one breaks off at once.

    In a thread, or where somebody else handles the signal, nothing is changed.

    >>> import os
    >>> with Interrupt() as interrupt:
    ...     os.kill(os.getpid(), signal.SIGINT)
    ...     print(interrupt.asked)
    True
    """

    def __init__(self) -> None:
        self.asked = False
        self.installed = False

    def __enter__(self) -> Interrupt:
        here = threading.current_thread() is threading.main_thread()
        if here and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._ask)
            self.installed = True
        return self

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True

    def __exit__(self, *error: object) -> None:
        if self.installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)
