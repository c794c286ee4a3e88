"""Content and the code that turns it into a release."""
