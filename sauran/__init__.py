"""Sauran: knowledge as linked data, checked with SHACL, released and served."""

from pathlib import Path

# The wheel holds sauran/kg and sauran/server; in a checkout both stand beside this folder.
if not Path(__file__).with_name("kg").is_dir():
    __path__.append(str(Path(__file__).parents[1]))
