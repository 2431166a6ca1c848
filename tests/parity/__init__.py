"""Agreement with PyTorch on the samples that its own modules are tested with; `python -m tests.parity` prints it."""
