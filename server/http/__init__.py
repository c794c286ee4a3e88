"""What every address shares: settings, middleware, negotiation, conditional requests, errors, metrics.

No address is answered here.
"""
