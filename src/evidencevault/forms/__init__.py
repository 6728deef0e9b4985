"""Filled-in forms: frozen dataclasses, their TOML with line and key of what is wrong, and their stored bodies."""
