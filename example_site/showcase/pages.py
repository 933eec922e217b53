"""Builds the site's own pages; pages that exist already are left as they are."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from example_site.showcase import artwork
from example_site.showcase.models import (
    HomePage,
    JournalIndexPage,
    JournalPage,
    StandardPage,
)
from example_site.showcase.records import Picture
from example_site.showcase.site_copy import (
    HOME,
    JOURNAL,
    JOURNAL_ENTRIES,
    STANDARD_PAGES,
    Copy,
)


def build_site(*, hostname: str = "localhost", port: int = 8000) -> HomePage:
    """Create the site, its home page, inner pages and journal; return the home page."""
    home = HomePage.objects.first() or _add_home()
    _point_site_at(home, hostname=hostname, port=port)
    for copy in STANDARD_PAGES:
        _add_once(home, StandardPage, copy, show_in_menus=True)
    journal = _add_once(home, JournalIndexPage, JOURNAL, show_in_menus=True)
    for copy in JOURNAL_ENTRIES:
        days = copy["days_ago"]
        date = timezone.localdate() - datetime.timedelta(days=days)
        entry = {key: value for key, value in copy.items() if key != "days_ago"}
        _add_once(journal, JournalPage, {**entry, "date": date})
    return HomePage.objects.get(pk=home.pk)


def link_features(home: HomePage, *, page: Page, heading: str = "") -> None:
    """Let features on the home page lead to ``page``; only those that lead nowhere.

    With ``heading`` only the feature with exactly that heading is linked.
    """
    changed = False
    # Read anew: a page that is older than its last child would undo its place.
    home = HomePage.objects.get(pk=home.pk)
    for block in home.body:
        wanted = not heading or block.value.get("heading") == heading
        if block.block_type == "feature" and wanted and not block.value["page"]:
            block.value["page"] = page.specific
            changed = True
    if changed:
        home.save_revision().publish()


def place_calls(home: HomePage, *, campaign: Page, codes: dict[str, list[str]]) -> None:
    """Put the package's own blocks below the feature on the home page, once.

    ``codes`` has a list for ``featured`` and one for ``compare``.
    """
    home = HomePage.objects.get(pk=home.pk)
    kinds = [block.block_type for block in home.body]
    if "open_campaigns" in kinds:
        return
    calls = [
        ("countdown", {"heading": "", "campaign": campaign.specific}),
        (
            "featured_submissions",
            {"heading": "Three we keep looking at", "codes": codes["featured"]},
        ),
        ("compare", {"heading": "Which funnel is hers?", "codes": codes["compare"]}),
        (
            "open_campaigns",
            {"heading": "Open calls", "number": 3, "otherwise": "None is open today."},
        ),
    ]
    where = kinds.index("feature") + 1 if "feature" in kinds else len(kinds)
    body = [(block.block_type, block.value) for block in home.body]
    home.body = [*body[:where], *calls, *body[where:]]
    home.save_revision().publish()


def demo_image(kind: str, seed: int, *, title: str, description: str) -> Any:
    """Return the Wagtail image of that title, drawing it if there is none."""
    image_model = get_image_model()
    image = image_model.objects.filter(title=title).first()
    if image is None:
        content = ContentFile(artwork.draw(kind, seed))
        file = ImageFile(content, name=artwork.file_name(kind, seed))
        image = image_model(title=title, file=file, description=description)
        image.save()
    # What a picture in a StreamField says of itself.
    image.contextual_alt_text, image.decorative = image.description, False
    return image


def _add_home() -> HomePage:
    for welcome in Page.objects.filter(depth=2, slug="home"):
        if type(welcome.specific) is Page:
            welcome.delete()
    return _add(Page.get_first_root_node(), HomePage, HOME)


def _point_site_at(home: HomePage, *, hostname: str, port: int) -> None:
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={
            "hostname": hostname,
            "port": port,
            "site_name": "Ondalenta",
            "root_page": home,
        },
    )


def _add_once(
    parent: Page, model: type[Page], copy: dict[str, Any], **more: Any
) -> Any:
    existing = model.objects.child_of(parent).filter(slug=copy["slug"]).first()
    return existing or _add(parent, model, {**copy, **more})


def _add(parent: Page, model: type[Page], copy: Copy) -> Any:
    values = {key: _value(value) for key, value in copy.items() if key != "body"}
    page = model(**values)
    if "body" in copy:
        page.body = [(kind, _value(value)) for kind, value in copy["body"]]
    fresh_parent = type(parent).objects.get(pk=parent.pk)
    fresh_parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def _value(value: Any) -> Any:
    """Replace every ``Picture`` inside ``value`` with its Wagtail image."""
    if isinstance(value, Picture):
        return demo_image(
            value.kind, value.seed, title=value.title, description=value.alt
        )
    if isinstance(value, dict):
        return {key: _value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_value(item) for item in value]
    return value
