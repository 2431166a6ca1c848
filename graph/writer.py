"""A writer: a recurrent net that reads a text letter by letter, guesses the next one, and so can write on."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.data.text import Letters
from graph.sequential import Sequential
from layers import Embedding, GRUCell, Linear, Softmax, Unrolled
from layers.base import Layer
from layers.rng import Seed, generator


def writer(letters: Letters, n_hidden: int = 64, *, cell: type[Layer] = GRUCell, rng: Seed = None) -> Sequential:
    """A chain from letters (N, T) to scores (N, T, number of letters) of the letter that comes next.

    Equation:  x_t = W[letter_t],  h_t = cell(x_t, h_{t-1}),  scores_t = h_t W^T + b

    >>> writer(Letters("banana"), 4, rng=0)
    Sequential(
      letters: Embedding(3, 4)
      state: Unrolled(GRUCell(4 -> 4))
      scores: Linear(4 -> 3)
    )
    """
    rng = generator(rng)
    return Sequential(
        letters=Embedding(len(letters), n_hidden, rng=rng),
        state=Unrolled(cell(n_hidden, n_hidden, rng=rng)),
        scores=Linear(n_hidden, len(letters), rng=rng),
    )


def write(model: Any, letters: Letters, start: str, n: int, *, temperature: float = 1.0, rng: Seed = None) -> str:
    """`start` and n letters more, each drawn from what the model thinks may come next.

    A low temperature makes the likely letters likelier; at 0 the likeliest is taken.

    >>> letters = Letters("ab")
    >>> model = writer(letters, 2, rng=0)
    >>> model.params["scores.b"][...] = [-1e3, 1e3]    # always b
    >>> write(model, letters, "a", 3, rng=0)
    'abbb'
    """
    if temperature < 0 or not start:
        raise ValueError(f"write: start must hold a letter and temperature be 0 or more, got {start!r}, {temperature}")
    rng, text = generator(rng), start
    for _ in range(n):
        scores = model.predict(letters.encode(text)[None])[0, -1]
        if temperature:
            number = int(rng.choice(len(letters), p=Softmax().forward(scores / temperature)))
        else:
            number = int(np.argmax(scores))
        text += letters.decode([number])
    return text
