"""How a model becomes straight-line code: the rules of the layers, and what puts them in order."""
