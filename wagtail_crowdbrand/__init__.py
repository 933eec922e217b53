"""Open calls for brand ideas on any Wagtail site."""

__version__ = "0.1.0"
