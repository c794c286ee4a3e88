"""Full-text search: the index of a release and queries to it.

No HTTP and no HTML.
"""
