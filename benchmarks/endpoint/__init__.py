"""Sauran's SPARQL endpoint beside others: same data, same queries, same minutes."""
