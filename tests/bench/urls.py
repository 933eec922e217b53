"""Our test site, and the bare views beside it."""

from __future__ import annotations

from django.urls import path

from tests import urls
from tests.bench.plain import views

urlpatterns = [
    path("bare/", views.bare),
    path("bare.json", views.bare_json),
    *urls.urlpatterns,
]
