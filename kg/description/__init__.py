"""What a release holds, for machines: counted, measured, and said in VoID, DQV, schema.org and Croissant."""
