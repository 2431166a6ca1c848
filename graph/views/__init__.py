"""Looking at a model: traces of its passes and drawings of how it is wired, built on all the rest of graph."""
