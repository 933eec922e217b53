"""The pages on which contributors take their data along, or have it erased."""

from __future__ import annotations

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import access, drafting, moderating, privacy, submitting
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(ready, commits):
    """Visible, by a guest who sent something else, too."""
    brief = factories.make_brief()
    moderator = factories.make_moderator()
    with commits():
        one = factories.make_waiting(brief, title="Nightglow")
    with commits():
        moderating.approve(one, actor=moderator)
    draft = factories.make_draft(factories.make_brief(), title="Fernweh")
    person = drafting.Person(email=one.contributor.email, credit_name="Ada Example")
    drafting.save_draft(draft, person=person, at=timezone.now())
    submitting.submit(draft, terms_number=1, at=timezone.now())
    with commits():
        submitting.confirm(draft, at=timezone.now())
    return Submission.objects.get(pk=one.pk)


@pytest.fixture
def owner(shown, client) -> Client:
    """A browser in which the private link was opened."""
    token = access.token_for(shown, access.EDIT)
    client.get(f"/crowdbrand/e/{shown.code}/{token}/")
    return client


def url(name: str, submission: Submission) -> str:
    return reverse(f"wagtail_crowdbrand:{name}", args=[submission.code])


def test_status_page_leads_there(shown, owner):
    page = owner.get(url("status", shown)).content.decode()
    assert url("my_data", shown) in page
    assert url("erase", shown) in page


@pytest.mark.parametrize("name", ["my_data", "download", "erase"])
def test_strangers_get_nothing(shown, name):
    stranger = Client()
    for code in (shown.code, "2222-2222"):
        path = reverse(f"wagtail_crowdbrand:{name}", args=[code])
        assert stranger.get(path).status_code == 404
    assert stranger.post(url("erase", shown)).status_code == 404
    assert Submission.objects.get(pk=shown.pk).title == "Nightglow"


def test_download_is_a_file_no_cache_keeps(shown, owner):
    assert "the 2 ideas" in owner.get(url("my_data", shown)).content.decode()
    response = owner.get(url("download", shown))
    content = b"".join(response.streaming_content)
    response.close()
    assert response["Content-Disposition"] == f'attachment; filename="{shown.code}.zip"'
    assert response["Content-Type"] == "application/zip"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        data = json.loads(archive.read("data.json"))
    assert [row["title"] for row in data["submissions"]] == ["Nightglow", "Fernweh"]


def test_download_of_something_unconfirmed_is_about_it_alone(shown, client):
    user = User.objects.create_user("ada", shown.contributor.email)
    client.force_login(user)
    sent = factories.make_draft(shown.brief, title="Mine")
    submitting.submit(sent, user=user, terms_number=1, at=timezone.now())
    response = client.get(url("download", sent))
    content = b"".join(response.streaming_content)
    response.close()
    assert b"Mine" in content
    assert b"Nightglow" not in content


def test_asking_changes_nothing(shown, owner):
    for _number in range(2):
        page = owner.get(url("erase", shown)).content.decode()
    assert "all 2 ideas" in page
    assert "One of them is on show" in page
    assert Submission.objects.get(pk=shown.pk).visible_from


def test_erasing_needs_a_token(shown, owner):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = owner.cookies
    assert strict.get(url("erase", shown)).status_code == 200
    assert strict.post(url("erase", shown)).status_code == 403
    assert Submission.objects.get(pk=shown.pk).visible_from


def test_erasing_ends_everywhere(shown, owner, commits):
    page_url, brief_url = shown.page.url, shown.brief.url
    link = f"/crowdbrand/e/{shown.code}/{access.token_for(shown, access.EDIT)}/"
    [upload] = shown.uploads.all()
    picture = upload.image.get_rendition("max-480x480").url
    assert "Nightglow" in owner.get(brief_url).content.decode()
    mail.outbox.clear()
    with commits():
        response = owner.post(url("erase", shown), follow=True)
    assert "It is done" in response.content.decode()
    assert response.redirect_chain == [("/crowdbrand/erased/", 302)]
    for path in (
        page_url,
        link,
        url("status", shown),
        f"/crowdbrand/pictures/{upload.pk}/",
    ):
        assert owner.get(path).status_code == 404
    gallery = owner.get(brief_url).content.decode()
    assert "Nightglow" not in gallery
    assert picture not in gallery
    compared = owner.get(f"{brief_url}compare/?code={shown.code}").content.decode()
    assert "Nightglow" not in compared
    assert mail.outbox == []


def test_account_erases_what_it_sent(ready, client, commits):
    user = User.objects.create_user("ada", "ada@example.org")
    client.force_login(user)
    sent = factories.make_draft(title="Mine")
    submitting.submit(sent, user=user, terms_number=1, at=timezone.now())
    page = client.get(url("erase", sent)).content.decode()
    assert "Your account on this site is not part of this" in page
    with commits():
        client.post(url("erase", sent))
    assert Submission.objects.get().contributor is None
    assert User.objects.get() == user


def test_draft_is_erased_altogether(ready, client, commits):
    brief = factories.make_brief()
    client.post(f"{brief.url}submit/", {"title": "Nightglow", "summary": "It glows."})
    draft = Submission.objects.get()
    page = client.get(url("erase", draft)).content.decode()
    assert "Erase this idea" in page
    with commits():
        client.post(url("erase", draft))
    assert Submission.objects.count() == 0


def test_queries_do_not_grow_with_submissions(shown, owner, queries_of):
    def more(count: int) -> None:
        for _number in range(count):
            row = factories.make_confirmed(factories.make_brief())
            Submission.objects.filter(pk=row.pk).update(contributor=shown.contributor)

    def counts() -> list[int]:
        names = ("my_data", "erase")
        return [queries_of(lambda n=name: owner.get(url(n, shown))) for name in names]

    few = counts()
    more(3)
    assert counts() == few


# The admin

SCREENS = ("list", "edit", "history", "workflow_history", "usage")


def screen(name: str, *args) -> str:
    namespace = "wagtailsnippets_wagtail_crowdbrand_submission"
    return reverse(f"{namespace}:{name}", args=args)


@pytest.fixture
def root(ready) -> User:
    return User.objects.create_superuser("root", "root@example.com", "secret")


@pytest.mark.parametrize("deed", ["approve", "reject"])
def test_admin_screens_open_for_a_skeleton(ready, root, client, commits, deed):
    row = factories.make_waiting(title="Nightglow")
    reason = {} if deed == "approve" else {"reason": "Because of Ada."}
    with commits():
        getattr(moderating, deed)(row, actor=root, **reason)
        privacy.erase(row, at=timezone.now())
    client.force_login(root)
    paths = [screen(name, *([row.pk] if name != "list" else [])) for name in SCREENS]
    state = row.workflow_states.get()
    paths += [
        screen("workflow_history_detail", row.pk, state.pk),
        reverse("wagtailadmin_home"),
        reverse("wagtailadmin_reports:site_history"),
        reverse("wagtailadmin_reports:workflow"),
        reverse("wagtailadmin_reports:workflow_tasks"),
        reverse("wagtailadmin_reports:workflow") + "?export=csv",
    ]
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        content = b"".join(response) if response.streaming else response.content
        for word in (b"Nightglow", b"Ada"):
            assert word not in content, path
    assert row.code in client.get(screen("list")).content.decode()


def test_address_is_for_those_with_the_permission(shown, root, client, ready):
    address = shown.contributor.email
    allowed, plain = factories.make_moderator(), factories.make_moderator()
    allowed.user_permissions.add(Permission.objects.get(codename="view_contact"))
    for user, reads in ((root, True), (allowed, True), (plain, False)):
        client.force_login(user)
        for url in (screen("edit", shown.pk), screen("list")):
            content = client.get(url).content.decode()
            assert shown.code in content
            assert (address in content) == reads, (user, url)


def test_permission_can_be_given_to_a_group(root, client, ready):
    client.force_login(root)
    group = Group.objects.get(name="Campaign moderators")
    content = client.get(reverse("wagtailusers_groups:edit", args=[group.pk]))
    permission = Permission.objects.get(codename="view_contact")
    assert f'value="{permission.pk}"' in content.content.decode()
