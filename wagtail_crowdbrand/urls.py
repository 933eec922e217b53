"""Endpoints that are not pages: private links, status, pictures, feeds and dates."""

from django.urls import path

from wagtail_crowdbrand.views import (
    appeals,
    dates,
    feeds,
    health,
    ledger,
    mine,
    notices,
    privacy,
    receipts,
    status,
    uploads,
)

app_name = "wagtail_crowdbrand"

urlpatterns = [
    path("c/<str:code>/<str:token>/", status.confirm_link, name="confirm"),
    path("e/<str:code>/<str:token>/", status.edit_link, name="edit"),
    path("r/<str:code>/<str:token>/", status.resume_link, name="resume"),
    path("mine/", mine.show, name="mine"),
    path("ideas/<str:code>/", status.show, name="status"),
    path("ideas/<str:code>/confirm/", status.confirm, name="confirm_form"),
    path("ideas/<str:code>/edit/", status.edit, name="edit_form"),
    path("ideas/<str:code>/withdraw/", status.withdraw, name="withdraw"),
    path("ideas/<str:code>/appeal/", appeals.appeal, name="appeal"),
    path("ideas/<str:code>/notice/", notices.give, name="notice"),
    path("ideas/<str:code>/notice/sent/", notices.sent, name="notice_sent"),
    path("ideas/<str:code>/data/", privacy.my_data, name="my_data"),
    path("ideas/<str:code>/data/download/", privacy.download, name="download"),
    path("ideas/<str:code>/receipt.json", receipts.own, name="receipt"),
    path("ideas/<str:code>/erase/", privacy.erase, name="erase"),
    path("erased/", privacy.erased, name="erased"),
    path("pictures/<uuid:pk>/", uploads.show, name="upload"),
    path("feeds/campaigns/<int:pk>/", feeds.campaign, name="campaign_feed"),
    path("feeds/briefs/<int:pk>/", feeds.brief, name="brief_feed"),
    path("campaigns/<int:pk>/ledger/", ledger.show, name="ledger"),
    path("campaigns/<int:pk>/ledger.json", ledger.as_json, name="ledger_json"),
    path("feeds/ledgers/<int:pk>/", feeds.lines, name="ledger_feed"),
    path("campaigns/<int:pk>/receipts/", receipts.show, name="receipts"),
    path("campaigns/<int:pk>/receipts.txt", receipts.as_text, name="receipts_list"),
    path("campaigns/<int:pk>/receipts.json", receipts.as_json, name="receipts_json"),
    path("health/live/", health.live, name="health_live"),
    path("health/ready/", health.ready, name="health_ready"),
    path("health/metrics/", health.metrics, name="metrics"),
    path("campaigns/<int:pk>/dates.ics", dates.campaign, name="calendar"),
]
