"""Addresses of the demo mailbox."""

from __future__ import annotations

from django.urls import path

from example_site.showcase import mailbox

app_name = "mailbox"

urlpatterns = [
    path("", mailbox.mail_list, name="list"),
    path("<int:pk>/", mailbox.mail_detail, name="detail"),
    path("<int:pk>/html/", mailbox.mail_html, name="html"),
]
