"""Looking at a model: traces of its passes, and drawings of how it is wired. Imports run into here, never out."""
