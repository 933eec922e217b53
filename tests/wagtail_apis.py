"""Wagtail's own APIs, as a site mounts them: v2, and on Wagtail 8 v3 beside it."""

from __future__ import annotations

import wagtail
from django.urls import path
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet

router = WagtailAPIRouter("wagtailapi")
router.register_endpoint("pages", PagesAPIViewSet)
router.register_endpoint("images", ImagesAPIViewSet)

urlpatterns = [path("api/v2/", router.urls)]

if wagtail.VERSION >= (8,):
    from wagtail.api.v3.urls import api

    urlpatterns += [path("api/v3/", api.urls)]
