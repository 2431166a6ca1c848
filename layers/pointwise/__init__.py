"""The pointwise layers; `layers` lists their names."""
