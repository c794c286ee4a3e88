"""SHACL: shapes, constraints, results, messages and the reference engine pySHACL."""
