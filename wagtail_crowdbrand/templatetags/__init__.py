"""Templatetags of the package."""
