"""A site with its own base page model (Wagtail 8), as its developers would write it."""
