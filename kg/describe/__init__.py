"""Descriptions of a release for programs: VoID, DQV, schema.org, Croissant, DCAT and CSVW."""
