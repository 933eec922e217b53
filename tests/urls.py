"""URLs of the test site, in the order our installation guide asks for."""

from __future__ import annotations

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("crowdbrand/", include("wagtail_crowdbrand.urls")),
    path("", include(wagtail_urls)),
]
