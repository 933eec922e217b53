"""Endpoints that are not pages: private links, status, pictures under review."""

from django.urls import path

from wagtail_crowdbrand.views import status, uploads

app_name = "wagtail_crowdbrand"

urlpatterns = [
    path("c/<str:code>/<str:token>/", status.confirm_link, name="confirm"),
    path("e/<str:code>/<str:token>/", status.edit_link, name="edit"),
    path("ideas/<str:code>/", status.show, name="status"),
    path("ideas/<str:code>/confirm/", status.confirm, name="confirm_form"),
    path("ideas/<str:code>/edit/", status.edit, name="edit_form"),
    path("ideas/<str:code>/withdraw/", status.withdraw, name="withdraw"),
    path("pictures/<uuid:pk>/", uploads.show, name="upload"),
]
