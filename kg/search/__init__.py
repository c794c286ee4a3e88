"""The full-text index of a release, and queries to it.

No HTTP and no HTML.
"""
