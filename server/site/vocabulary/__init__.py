"""The pages of the ontology and the shapes, read from the graphs of a release."""
