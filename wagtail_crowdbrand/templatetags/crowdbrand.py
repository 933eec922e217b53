"""What our templates need and Django's tags cannot say; all begin with ``cb_``."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wagtail_crowdbrand.conf import get_config
from wagtail_crowdbrand.domain import text as text_domain
from wagtail_crowdbrand.states import VoteRole
from wagtail_crowdbrand.views import dates

register = template.Library()

#: Size of large type → longest title and longest word, in characters, that fit a frame.
TYPE_SIZES = {
    "xl": (10, 10),
    "l": (20, 13),
    "m": (32, 15),
    "s": (56, 19),
    "xs": (90, 23),
}
SMALLEST = "xxs"

#: What could end a data block, as JSON escapes it.
NO_MARKUP = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}

#: Blocks of a story that have a template of ours in ``blocks/``.
STORY_BLOCKS = ("heading", "paragraph", "image", "quote")


@register.simple_tag
def cb_when(moment: datetime, campaign: Any) -> str:
    """``moment`` as a ``<time>`` in the campaign's time zone, with the zone's name."""
    html = render_to_string(
        "wagtail_crowdbrand/includes/when.html",
        {"moment": moment, "text": cb_when_text(moment, campaign)},
    )
    return mark_safe(html.strip())  # noqa: S308 - a template escaped it


@register.simple_tag
def cb_when_text(moment: datetime, campaign: Any) -> str:
    """The same as plain text, for mails and attributes."""
    local = timezone.localtime(moment, ZoneInfo(campaign.time_zone))
    day = formats.date_format(local, pgettext("date format", "l j F Y, H:i"))
    zone = local.tzname() or ""
    # Zones without letters of their own are called by their offset.
    return f"{day} {'UTC' if zone[:1] in '+-' else ''}{zone}"


@register.simple_tag
def cb_own_time(moment: datetime, campaign: Any) -> str:
    """The same moment for whoever looks, or "" where the clocks agree."""
    own, theirs = (
        timezone.localtime(moment, zone)
        for zone in (timezone.get_current_timezone(), ZoneInfo(campaign.time_zone))
    )
    if own.utcoffset() == theirs.utcoffset():
        return ""
    return formats.date_format(own, pgettext("date format", "l j F Y, H:i"))


@register.simple_tag
def cb_left(moment: datetime, now: datetime) -> str:
    """How long it is until ``moment``: in days; in hours or minutes on the last two.

    Rounded down as the page's script does, which also tells the minutes of an hour.
    """
    minutes = max(0, int((moment - now).total_seconds() // 60))
    hours, days = minutes // 60, minutes // 1440
    if days > 1:
        return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
    if hours:
        words = ngettext("%(hours)d hour", "%(hours)d hours", hours)
        return words % {"hours": hours}
    words = ngettext("%(minutes)d minute", "%(minutes)d minutes", minutes)
    return words % {"minutes": minutes}


@register.simple_tag
def cb_max_image_size() -> str:
    """How large a picture may be, with its unit."""
    megabytes = get_config().max_image_bytes // (1024 * 1024)
    return _("%(size)d MB") % {"size": megabytes}


@register.simple_tag
def cb_max_image_bytes() -> str:
    """The same as a machine reads it."""
    return str(get_config().max_image_bytes)


@register.simple_tag(takes_context=True)
def cb_problems(context: template.Context) -> list[dict[str, str]]:
    """What an error summary lists: ``{id, text}`` each, in the order of the page."""
    problem = context.get("problem")
    return [
        *([{"id": "", "text": str(problem)}] if problem else []),
        *_of_form(context.get("form")),
        *_of_pictures(context),
        *_of_form(context.get("person_form")),
    ]


def _of_form(form: Any) -> list[dict[str, str]]:
    if form is None or not form.is_bound:
        return []
    rows = [{"id": "", "text": text} for text in form.non_field_errors()]
    for name in form.errors:
        if name in form.fields:
            field = form[name]
            # A group of radio buttons has no input of its own name: go to the first.
            target = f"{field.auto_id}_0" if field.use_fieldset else field.id_for_label
            rows += [
                {"id": target, "text": _named(field, error)} for error in field.errors
            ]
    return rows


def _named(field: Any, error: str) -> str:
    """An error that says which question it is about; a box to tick is clear enough."""
    if field.widget_type == "checkbox":
        return error
    words = {"field": str(field.label).rstrip(" ?.:"), "problem": error}
    return _("%(field)s: %(problem)s") % words


def _of_pictures(context: template.Context) -> list[dict[str, str]]:
    rows = [
        {"id": "id_files", "text": str(error)}
        for error in context.get("picture_errors") or []
    ]
    if context.get("needs_alt"):
        text = _("Describe picture %(number)d in words.")
        rows += [
            {"id": f"id_alt-{row['picture'].id}", "text": text % {"number": number}}
            for number, row in enumerate(context.get("pictures") or [], start=1)
            if row["needs_alt"]
        ]
    return rows


@register.filter
def cb_lines(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


@register.filter
def cb_number(text: str) -> str:
    """A stored number as the language writes it; anything else as it is."""
    try:
        return formats.localize(Decimal(text))
    except InvalidOperation:
        return text


@register.filter
def cb_day(text: str) -> str:
    """A stored date in words; anything else as it is."""
    try:
        return formats.date_format(date.fromisoformat(text), "DATE_FORMAT")
    except ValueError:
        return text


@register.filter
def cb_size(title: str) -> str:
    """How large a title is set: its length decides, and nothing else."""
    length, word = len(title), max(map(len, title.split()), default=0)
    for size, (longest, longest_word) in TYPE_SIZES.items():
        if length <= longest and word <= longest_word:
            return size
    return SMALLEST


@register.filter
def cb_length(text: str) -> int:
    """How many characters people count in it."""
    return text_domain.length(text)


@register.filter
def cb_longest(columns: list[dict[str, Any]]) -> str:
    """The title that needs the smallest type: its size holds for all of them."""
    titles = [column["card"].submission.title for column in columns]
    order = [*TYPE_SIZES, SMALLEST]
    return max(titles, key=lambda title: order.index(cb_size(title)), default="")


@register.filter
def cb_any_picture(columns: list[dict[str, Any]]) -> bool:
    """Whether there is anything to see in a comparison beyond words."""
    return any(column["card"].picture for column in columns)


@register.filter
def cb_vote(value: str) -> str:
    """The sentence for a stored vote role."""
    return VoteRole(value).label if value in VoteRole.values else ""


@register.filter
def cb_story_template(block: Any) -> str:
    """Our template for a block of a story; "" for blocks that render themselves."""
    name = block.block_type
    return f"wagtail_crowdbrand/blocks/{name}.html" if name in STORY_BLOCKS else ""


@register.filter
def cb_one_line(text: str) -> str:
    """A text without its line breaks, for ``<meta>`` descriptions."""
    return " ".join(text.split())


@register.simple_tag
def cb_url(name: str, *args: Any) -> str:
    """The address of one of our views; "" where this site does not have it."""
    try:
        return reverse(f"wagtail_crowdbrand:{name}", args=args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def cb_calendar_url(campaign: Any) -> str:
    """Where the dates of a campaign are as a file; "" without the extra ``ical``."""
    return cb_url("calendar", campaign.pk) if dates.is_available() else ""


@register.simple_tag
def cb_json_ld(data: dict[str, Any]) -> str:
    """``data`` as a block for machines, which no browser runs and no policy stops."""
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)
    safe = text.translate(NO_MARKUP)
    block = f'<script type="application/ld+json">{safe}</script>'
    return mark_safe(block)  # noqa: S308 - nothing in it can end the block


@register.filter
def cb_quoted(text: str) -> str:
    """A text as a quotation in a mail: every line of it begins with ``>``."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


@register.filter
def cb_future(moment: datetime | None) -> bool:
    """Whether it is set and still to come."""
    return moment is not None and moment > timezone.now()


@register.filter
def cb_thousands(number: int) -> str:
    """A number with its thousands apart, as the language has it."""
    return formats.number_format(number, use_l10n=True, force_grouping=True)
