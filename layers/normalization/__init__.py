"""The normalization layers; `layers` lists their names."""
