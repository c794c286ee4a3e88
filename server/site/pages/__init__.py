"""The front page, what this site is and offers, and the state of the data."""
