"""What the pages of ontology and shapes show, read out of the graphs of a release."""
