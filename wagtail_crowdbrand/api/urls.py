"""Include it where the API is to live, for example at ``crowdbrand/api/v1/``."""

from django.urls import path

from wagtail_crowdbrand.api.mount import api

urlpatterns = [path("", api.urls)]
