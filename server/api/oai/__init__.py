"""OAI-PMH 2.0: records of datasets and claims for harvesters that ask for what is new."""
