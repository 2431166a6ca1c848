"""Training: the loop, optimizers, schedules, minibatches, checkpoints."""
