"""Plain Wagtail, and nothing of ours."""

from __future__ import annotations

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from tests.bench.plain import views

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("plain/create/<int:pk>/", views.create),
    path("", include(wagtail_urls)),
]
