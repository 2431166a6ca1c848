"""Losses: layers with a target, and the curve of their values."""
