"""Checking gradients: numbers against formulas, kinks, and the whole contract of a layer."""
