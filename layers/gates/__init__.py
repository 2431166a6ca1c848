"""The gates layers; `layers` lists their names."""
