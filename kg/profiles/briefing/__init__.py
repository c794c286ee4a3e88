"""The briefing: claims, the evidence for them, and the plain triples that follow from them.

Everything in kg that knows the security ontology belongs here.
"""
