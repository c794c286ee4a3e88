"""Where in its file a triple stands: line and column, for messages about it.

Engines and the wording of messages may not enter: findings come in without a place and go out with one.
"""

from sauran.kg.positions.blank_nodes import match_blanks, numbered_blanks
from sauran.kg.positions.index import EXACT_FORMATS, PositionIndex, index_text, name_anonymous, parse_exactly
from sauran.kg.positions.jsonld import find_subjects_of_jsonld
from sauran.kg.positions.ntriples import parse_nquads, parse_ntriples
from sauran.kg.positions.rdfxml import find_subjects_of_rdfxml
from sauran.kg.positions.statements import Statements
from sauran.kg.positions.tokens import Position, TurtleSyntaxError
from sauran.kg.positions.trig import parse_trig
from sauran.kg.positions.triples import PlacedTriple
from sauran.kg.positions.turtle import parse_turtle

__all__ = [
    "EXACT_FORMATS",
    "PlacedTriple",
    "Position",
    "PositionIndex",
    "Statements",
    "TurtleSyntaxError",
    "find_subjects_of_jsonld",
    "find_subjects_of_rdfxml",
    "index_text",
    "match_blanks",
    "name_anonymous",
    "numbered_blanks",
    "parse_exactly",
    "parse_nquads",
    "parse_ntriples",
    "parse_trig",
    "parse_turtle",
]
