"""Sandboxed child processes and the channel to them.

Nothing here knows what a process computes.
"""
