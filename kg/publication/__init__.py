"""publication.toml and dataset.toml as dataclasses, and the vocabularies that are shipped.

Reads settings only: no RDF is loaded here.
"""
