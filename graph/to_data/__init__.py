"""Backpropagation to the data: the parameters stand still and the input moves (14.9)."""
