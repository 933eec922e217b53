"""URLs of the test site, in the order our installation guide asks for."""

from __future__ import annotations

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from tests import placed, wagtail_apis

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("crowdbrand/api/v1/", include("wagtail_crowdbrand.api.urls")),
    path("crowdbrand/", include("wagtail_crowdbrand.urls")),
    path("sitemap.xml", sitemap),
    path("placed/", placed.show),
    *wagtail_apis.urlpatterns,
    path("", include(wagtail_urls)),
]
