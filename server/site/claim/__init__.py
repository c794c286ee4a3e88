"""Lists of claims and of what curators doubt."""
