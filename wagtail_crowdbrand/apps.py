"""Wires the package into a site."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrowdbrandConfig(AppConfig):
    name = "wagtail_crowdbrand"
    label = "wagtail_crowdbrand"
    verbose_name = _("Campaigns")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail_crowdbrand import checks, receivers

        checks.register_all()
        receivers.connect()
