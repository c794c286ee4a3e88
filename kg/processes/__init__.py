"""Sandboxed child processes that can be killed, and the one channel of messages to them.

What a process computes may not enter: queries and validations are built on this.
"""
