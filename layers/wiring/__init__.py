"""The wiring layers; `layers` lists their names."""
