"""Query processes: pool, fork server, admission, results.

Nothing here knows HTTP.
"""
