"""The release on the web, and the command line."""
