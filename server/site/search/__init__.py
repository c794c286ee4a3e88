"""Search: the page, its facets, and results for people and programs."""
