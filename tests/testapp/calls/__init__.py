"""The site's campaigns; their migration is made when the tests start."""
