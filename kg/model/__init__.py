"""Terms, namespaces, formats, findings and errors that every other package uses.

Nothing here reads files of a publication or knows a profile.
"""
