"""The release on the web."""
