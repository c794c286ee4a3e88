"""The graph: content in datasets/, and the code that turns it into a release. Never imports sauran.server."""
