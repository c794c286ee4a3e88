"""SPARQL queries as text: their tokens, whether these stand in order, and what rdflib gets wrong in them."""
