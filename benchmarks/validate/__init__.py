"""The validator beside other SHACL engines: same data, same shapes, answers compared."""
