"""Run inside the new site: one idea on its way, and the pages a visitor sees."""

import json
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import django

sys.path.insert(0, "")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

import wagtail_crowdbrand  # noqa: E402
from wagtail_crowdbrand.domain import (  # noqa: E402
    drafting,
    ingesting,
    moderating,
    setup,
    submitting,
)
from wagtail_crowdbrand.models import Submission  # noqa: E402
from wagtail_crowdbrand.pages.models import (  # noqa: E402
    BriefPage,
    CampaignIndexPage,
    CampaignPage,
)

CONTRACT = dict.fromkeys(
    ["prize", "effort", "who_decides", "fallback", "rights", "terms"], "As agreed."
)
CSS = "/static/wagtail_crowdbrand/css/crowdbrand.css"


def home_of(host):
    """The default site's home, or a second site next to it."""
    if host == "localhost":
        return Site.objects.get(is_default_site=True).root_page
    root = Page.get_first_root_node()
    home = root.add_child(instance=Page(title="Second home", slug="second"))
    Site.objects.create(hostname=host, root_page=home)
    return home


def make_brief(home):
    now = timezone.now()
    index = home.add_child(instance=CampaignIndexPage(title="Calls", slug="calls"))
    campaign = CampaignPage(
        title="Night boat",
        slug="night-boat",
        brand_name="Fern & Ferry",
        summary="A ferry looks for its voice.",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=7),
        decision_due_at=now + timedelta(days=30),
        picks=1,
        **CONTRACT,
    )
    index.add_child(instance=campaign)
    brief = BriefPage(
        title="A name", slug="name", challenge="Name it.", criteria="Short"
    )
    return campaign.add_child(instance=brief)


def make_idea(brief):
    now = timezone.now()
    draft = drafting.start_draft(brief, at=now)
    content = BytesIO()
    Image.new("RGB", (60, 40), (20, 90, 120)).save(content, "PNG")
    content.seek(0)
    upload = ingesting.add_upload(draft, content, at=now)
    images = [{"upload": str(upload.pk), "alt": "A blue field"}]
    idea = drafting.Idea(title="Nightglow", summary="It glows.", images=images)
    person = drafting.Person(email="ada@example.org", credit_name="Ada")
    drafting.save_draft(draft, idea=idea, person=person, at=now)
    submitting.submit(draft, terms_number=1, at=now)
    submitting.confirm(draft, at=now)
    name = get_user_model().USERNAME_FIELD
    moderator = get_user_model().objects.create_user(**{name: "mo@example.org"})
    moderator.groups.add(Group.objects.get(name=setup.GROUP))
    moderating.approve(Submission.objects.get(), actor=moderator)
    return Submission.objects.get()


def main(host):
    brief = make_brief(home_of(host))
    idea = make_idea(brief)
    campaign = brief.get_parent()
    visitor = Client(SERVER_NAME=host)
    paths = {
        "index": campaign.get_parent().url_path,
        "campaign": campaign.url_path,
        "brief": brief.url_path,
        "idea": idea.page.url_path,
        "submit": f"{brief.url_path}submit/",
    }
    pages = {}
    for name, path in paths.items():
        response = visitor.get("/" + path.lstrip("/").split("/", 1)[1])
        pages[name] = [response.status_code, CSS in response.content.decode()]
    elsewhere = Client(SERVER_NAME="elsewhere.example").get("/calls/")
    image = idea.uploads.get().image
    facts = {
        "package": str(Path(wagtail_crowdbrand.__file__).parent.parent),
        "pages": pages,
        "elsewhere": elsewhere.status_code,
        "status": str(idea.staff_status),
        "picture": image._meta.label,
    }
    sys.stdout.write(f"\n{json.dumps(facts)}\n")


main(sys.argv[1])
