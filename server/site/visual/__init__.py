"""Time, places and neighbourhoods: what is drawn, and what stands beside it."""
