"""The page to write queries on, and answers as people read them."""
