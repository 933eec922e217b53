import pytest

from tests import factories
from tests.models import desk
from wagtail_crowdbrand.pages.models import *

pytestmark = pytest.mark.django_db


def test_x(client):
    client.force_login(desk.make_editor())
    index = factories.make_index()
    url = desk.add_url(index, CampaignPage)
    data = desk.filled_in(client, url, CampaignPage, title="Half", slug="half")
    print(dict(data))
    r = client.post(url, data)
    print(r.status_code, desk.errors_of(r), desk.said(r), r.headers.get("location"))
    print("HERE")
    page = CampaignPage.objects.get()
    url = desk.edit_url(page)
    data = desk.filled_in(client, url, CampaignPage)
    data["action-publish"] = "1"
    r = client.post(url, data)
    print(r.status_code, desk.errors_of(r), desk.said(r), r.headers.get("location"))
    for m in ("open", "announced", "closed"):
        r = client.get(f"/admin/pages/{page.pk}/edit/preview/?mode={m}")
        print(r.status_code, [t.name for t in r.templates][:2])
    url = desk.add_url(page, BriefPage)
    data = desk.filled_in(
        client,
        url,
        BriefPage,
        title="Half brief",
        slug="hb",
        min_images="",
        max_images="",
    )
    r = client.post(url, data)
    print(r.status_code, desk.errors_of(r), desk.said(r), r.headers.get("location"))
    data = desk.filled_in(client, url, BriefPage, title="Half brief", slug="hb")
    r = client.post(url.replace("/add/", "/add/") + "preview/", data)
    print(r.status_code, r.content[:200])
    for m in ("open", "announced", "closed"):
        r = client.get(url + f"preview/?mode={m}")
        print(r.status_code, [t.name for t in r.templates][:2])
    r = client.post(url, data)
    print(r.status_code, desk.errors_of(r), desk.said(r), r.headers.get("location"))
    brief = BriefPage.objects.get()
    for m in ("open", "announced", "closed"):
        r = client.get(f"/admin/pages/{brief.pk}/edit/preview/?mode={m}")
        print(r.status_code, [t.name for t in r.templates][:2])


def test_y(client, ready, commits):
    from django.urls import reverse
    from wagtail.models import Page

    from wagtail_crowdbrand.domain import moderating

    client.raise_request_exception = False
    mod = factories.make_moderator()
    client.force_login(desk.make_editor())
    brief = factories.make_brief()
    row = factories.make_waiting(brief, title="Nightglow")
    with commits():
        moderating.approve(row, actor=mod)
    row.refresh_from_db()
    print("page", row.page, row.page.live)
    campaign = brief.get_parent()

    def show(tag, r):
        print(
            tag,
            r.status_code,
            desk.said(r) if hasattr(r, "wsgi_request") else "",
            r.headers.get("location"),
            Page.objects.count(),
        )

    P = lambda n, *a: reverse("wagtailadmin_pages:" + n, args=a)
    for pg in (row.page, brief, campaign, campaign.get_parent()):
        for n in ("delete", "copy", "unpublish"):
            show(f"{n} {pg.specific_class.__name__}", client.get(P(n, pg.pk)))
        show(
            f"post delete {pg.specific_class.__name__}", client.post(P("delete", pg.pk))
        )
    bulk = lambda action, *pages: (
        reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
        + "?"
        + "&".join(f"id={p.pk}" for p in pages)
        + "&next=/admin/"
    )
    for a in ("delete", "unpublish", "move"):
        show("bulk get " + a, client.get(bulk(a, row.page)))
        show("bulk post " + a, client.post(bulk(a, row.page)))
    for a in ("delete",):
        show("bulk get " + a, client.get(bulk(a, campaign)))
        show("bulk post " + a, client.post(bulk(a, campaign)))
    print(
        "move",
    )
    other = factories.make_brief()
    show("move subm get", client.get(P("move", row.page.pk)))
    show("move subm", client.get(P("move_confirm", row.page.pk, other.pk)))
    show("move brief", client.post(P("move_confirm", brief.pk, other.get_parent().pk)))
    row.refresh_from_db()
    print("moved", row.campaign_page_id == other.get_parent().pk)
    # copy campaign with subpages
    d = {
        "new_title": "Copy",
        "new_slug": "copy-brief",
        "new_parent_page": str(other.get_parent().pk),
        "copy_subpages": "on",
        "publish_copies": "on",
    }
    show("copy brief", client.post(P("copy", brief.pk), d))
    print(
        [
            (p.title, p.specific_class.__name__, p.live)
            for p in Page.objects.order_by("path")
        ]
    )
    # admin api
    for act, data in (("delete", {}), ("copy", {"recursive": True}), ("unpublish", {})):
        r = client.post(
            f"/admin/api/main/pages/{row.page.pk}/action/{act}/",
            data,
            content_type="application/json",
        )
        print("api", act, r.status_code, r.content[:300])
    r = client.post(
        f"/admin/api/main/pages/{brief.pk}/action/delete/",
        {},
        content_type="application/json",
    )
    print("api delete brief", r.status_code, r.content[:200])
    # hide then publish from explorer
    row.refresh_from_db()
    print("state", row.moderation, row.page_id, row.visible_from)
    row2 = factories.make_waiting(brief, title="Second")
    with commits():
        moderating.approve(row2, actor=mod)
    row2.refresh_from_db()
    with commits():
        moderating.hide(row2, actor=mod, reason="x")
    row2.refresh_from_db()
    print("live after hide", row2.page.live)
    url = desk.edit_url(row2.page)
    data = desk.filled_in(client, url, SubmissionPage, curators_note="lovely")
    print(dict(data))
    data["action-publish"] = "1"
    show("publish hidden", client.post(url, data))
    row2.refresh_from_db()
    print("live after publish", row2.page.live, row2.visible_from)
    show(
        "bulk publish",
        client.post(bulk("publish", brief), {"include_descendants": "on"}),
    )
    row2.refresh_from_db()
    print("live after bulk publish", row2.page.live, row2.visible_from)
