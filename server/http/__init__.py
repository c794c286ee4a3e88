"""Shared by all URLs: settings, middleware, negotiation, conditional requests, errors, metrics.

No routes are defined here.
"""
