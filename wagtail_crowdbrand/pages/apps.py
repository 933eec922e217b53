"""Second app: leave it out on a site with its own base page model."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrowdbrandPagesConfig(AppConfig):
    name = "wagtail_crowdbrand.pages"
    label = "wagtail_crowdbrand_pages"
    verbose_name = _("Campaign pages")
    default_auto_field = "django.db.models.BigAutoField"
