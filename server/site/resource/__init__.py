"""The page of each IRI, fit for what it is."""
