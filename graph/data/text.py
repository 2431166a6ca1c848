"""Text for a net that reads letter by letter: a small poem, letters as numbers, windows of them."""

from __future__ import annotations

import numpy as np

from graph.data.dataset import DataError

RAIN = """\
a drop of rain fell on the top of the hill,
it asked of the ground for the way to the valley.
the ground showed the slope, and the drop, never still,
went down by a step, and the steps made an alley.
it came to a hollow and thought it was done,
but a wind shook the water, and on it would run.
the slope is a question you ask where you stand,
and the sea is the answer, the end of the land.
"""


class Letters:
    """The letters of a text, numbered in the order of the alphabet.

    >>> letters = Letters("banana")
    >>> letters.encode("nab")
    array([2, 0, 1])
    >>> letters.decode([1, 0, 2])
    'ban'
    """

    def __init__(self, text: str) -> None:
        self.letters = sorted(set(text))
        self.numbers = {letter: number for number, letter in enumerate(self.letters)}

    def encode(self, text: str) -> np.ndarray:
        """The numbers of a text's letters; a letter that was not in the first text is refused."""
        unknown = set(text) - set(self.numbers)
        if unknown:
            raise DataError(f"text: unknown letters {sorted(unknown)}; known: {''.join(self.letters)!r}")
        return np.array([self.numbers[letter] for letter in text], np.intp)

    def decode(self, numbers: np.ndarray | list[int]) -> str:
        """The text of these numbers."""
        return "".join(self.letters[number] for number in numbers)

    def __len__(self) -> int:
        return len(self.letters)

    def __repr__(self) -> str:
        return f"Letters({''.join(self.letters)!r})"


def windows(numbers: np.ndarray, T: int, step: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Stretches x of T letters, one every `step` letters, and y: at each place the letter that comes next.

    Shapes:    numbers (n,), x and y (N, T), N = (n - T - 1) // step + 1

    >>> x, y = windows(np.arange(5), 3)
    >>> x.tolist(), y.tolist()
    ([[0, 1, 2], [1, 2, 3]], [[1, 2, 3], [2, 3, 4]])
    """
    if not 1 <= T < len(numbers) or step < 1:
        raise DataError(f"text: T must lie between 1 and {len(numbers) - 1} and step be 1 or more, got {T} and {step}")
    stretches = np.lib.stride_tricks.sliding_window_view(numbers, T + 1)[::step]
    return stretches[:, :-1].copy(), stretches[:, 1:].copy()
