"""Pictures as SVG, drawn from plain data: nothing here knows of requests or releases."""
