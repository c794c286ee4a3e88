"""What programs ask for, one file per family of addresses.

No HTML pages: these are in sauran.server.site.
"""
