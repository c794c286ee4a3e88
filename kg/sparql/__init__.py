"""SPARQL queries as text: tokens, syntax check, limits, and fixes for rdflib's parser."""
