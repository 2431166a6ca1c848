"""The recurrent layers; `layers` lists their names."""
