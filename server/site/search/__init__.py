"""Search: what a reader typed, what is found, and how it is shown."""
