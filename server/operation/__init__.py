"""Running a server: who asks, how much, what became of it, and how it is seen from outside."""
