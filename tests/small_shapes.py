"""Small data and shapes for the tests of validation; holds no test."""

import pyoxigraph as ox

from sauran.kg.validate.pyshacl_engine import Report, validate

__all__ = ["EX", "NAMELESS", "OF_VALUE", "PERSON", "PREFIXES", "check", "of_query", "triples"]

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
PERSON = """
ex:Person a sh:NodeShape ; sh:targetClass ex:Human ; sh:property ex:one-name .
ex:one-name sh:path ex:name ; sh:minCount 1 ; sh:severity sh:Warning ;
  sh:message "No name. Write one."@en , "Pas de nom. Écrivez-en un."@fr .
"""
NAMELESS = "ex:a a ex:Human ."
OF_VALUE = "ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:property ex:p . ex:p sh:path ex:v"
EX = "http://example.org/"


def triples(turtle: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)]


def check(data: str, shapes: str, language: str = "en") -> Report:
    return validate(triples(data), triples(shapes), language=language)


def of_query(select: str, data: str = NAMELESS, message: str = "Wrong. Mend it.") -> Report:
    shapes = f"""
      ex:rule a sh:NodeShape ; sh:targetClass ex:Human ; sh:sparql ex:query .
      ex:query sh:select "{select}" ; sh:message "{message}" .
    """
    return check(data, shapes)
