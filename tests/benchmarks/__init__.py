"""Benchmarks: whole training steps of this kit, of other libraries and of bare numpy, measured in turn in one run."""
