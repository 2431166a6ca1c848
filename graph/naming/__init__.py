"""What layers and parameters are called in a container, and which parameters are one and the same array."""
