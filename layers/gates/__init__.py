"""The gates of a circuit; `layers` lists their names."""
