"""Attention as graphs of the kit's own gates; `graph` lists their names."""
