"""Features of one kind of publication only; one package for each profile."""
