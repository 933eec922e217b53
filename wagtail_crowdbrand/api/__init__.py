"""The headless door: everything a page can do, as JSON."""
