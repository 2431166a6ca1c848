"""The table of misuses, of a layer, of a model, and of training."""
