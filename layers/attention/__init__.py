"""The attention layers; `layers` lists their names."""
