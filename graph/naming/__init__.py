"""What layers, parameters and states are called in a container, and which parameters are one and the same array."""
