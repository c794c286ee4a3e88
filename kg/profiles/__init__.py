"""What only one kind of publication needs; a package for each profile."""
