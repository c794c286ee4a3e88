"""The page to write queries on, with answers for people. What programs ask is answered in server.api."""
