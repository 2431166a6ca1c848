"""The convolution layers; `layers` lists their names."""
