"""The page of each IRI: datasets, concept schemes and all other resources."""
