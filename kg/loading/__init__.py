"""Load files to quads, write quads to dumps, and query them in a store.

Does not know claims or SHACL.
"""
