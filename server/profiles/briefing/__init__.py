"""Pages and data of claims, their doubts and their evidence.

Everything in server that knows the security ontology belongs here.
"""
