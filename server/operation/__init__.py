"""Running a server: how much is asked, what became of it, and how it is seen from outside."""
