"""Builds, manifests, history and atomic publishing of releases.

Nothing in kg imports this package.
"""
