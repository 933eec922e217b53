"""Addresses of the example site; Wagtail's pages answer whatever is left."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.static import static
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("crowdbrand/api/v1/", include("wagtail_crowdbrand.api.urls")),
    path("crowdbrand/", include("wagtail_crowdbrand.urls")),
    path("sitemap.xml", sitemap),
]

if settings.SHOWCASE_DEMO:
    urlpatterns += [path("mailbox/", include("example_site.showcase.urls"))]

if settings.DEBUG:
    urlpatterns += staticfiles_urlpatterns()
    urlpatterns += static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)

urlpatterns += [path("", include(wagtail_urls))]
