"""The commands of `sauran`, one file each; nothing here is imported by the web side."""
