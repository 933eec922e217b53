"""The dates of a campaign for one's own calendar; needs the extra ``ical``."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wagtail_crowdbrand.models import CampaignMixin
from wagtail_crowdbrand.states import Hold
from wagtail_crowdbrand.views.public import public_page


def is_available() -> bool:
    """Whether ``icalendar`` is installed."""
    return find_spec("icalendar") is not None


@require_safe
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """An ``.ics`` file. Raises ``Http404`` for what is on no site, or not public, or
    without extra.
    """
    if not is_available():
        raise Http404
    page = public_page(pk, CampaignMixin)
    if page.get_full_url(request) is None:
        raise Http404
    response = HttpResponse(
        _calendar(page, request).to_ical(), content_type="text/calendar; charset=utf-8"
    )
    name = slugify(page.slug) or "campaign"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _calendar(page: CampaignMixin, request: HttpRequest) -> Any:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//wagtail-crowdbrand//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", page.title)
    for name, moment, summary in _dates(page):
        if moment:
            event = _event(page, request, name, moment, summary)
            calendar.add_component(event)
    return calendar


def _dates(page: CampaignMixin) -> list[tuple[str, datetime | None, str]]:
    title = {"title": page.title}
    return [
        ("opens", page.opens_at, _("%(title)s: opens") % title),
        ("closes", page.closes_at, _("%(title)s: last moment to send an idea") % title),
        ("decision", page.decision_due_at, _("%(title)s: decision due") % title),
    ]


def _event(
    page: CampaignMixin, request: HttpRequest, name: str, moment: datetime, summary: str
) -> Any:
    """An instant, in UTC: a calendar shows it in its owner's own time zone."""
    from icalendar import Event, vUri

    url = page.get_full_url(request)
    event = Event()
    # The id outlives changes of the date, so that calendars move the event.
    event.add("uid", f"{page.translation_key}-{name}@{request.get_host()}")
    event.add("dtstamp", (page.last_published_at or moment).astimezone(UTC))
    event.add("dtstart", moment.astimezone(UTC))
    event.add("summary", summary)
    event.add("description", f"{page.summary}\n\n{url}")
    event["url"] = vUri(url)
    if page.hold == Hold.CANCELLED:
        event.add("status", "CANCELLED")
    return event
