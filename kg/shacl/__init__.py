"""SHACL: shapes and what they ask, results and what they say, and the reference engine, pySHACL."""
