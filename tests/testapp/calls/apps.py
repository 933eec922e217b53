"""The site's campaigns."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "tests.testapp.calls"
    default_auto_field = "django.db.models.BigAutoField"
