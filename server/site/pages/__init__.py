"""The home page, the catalogue, the description of the release, its files, and the quality of its data."""
