"""Queries in processes of their own, that can be killed; nothing here knows of HTTP."""
