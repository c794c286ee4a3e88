"""What machines look for before they know anything of this site: links, catalogues of it, maps, rules."""
