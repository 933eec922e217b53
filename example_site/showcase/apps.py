"""The showcase app."""

from __future__ import annotations

from django.apps import AppConfig


class ShowcaseConfig(AppConfig):
    name = "example_site.showcase"
    label = "showcase"
    verbose_name = "Showcase"
