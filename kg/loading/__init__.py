"""Files to quads, quads to dumps, and the store that answers queries over them.

Nothing here knows claims or SHACL.
"""
