"""The backward pass as a network of its own, and the two passes as one graph."""
