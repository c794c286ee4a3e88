"""Pages for people: a module for each family of addresses, beside what it shows."""
