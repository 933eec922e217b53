"""Pictures that are not public: who gets them, and with which headers."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tests import factories
from tests.domain import hostile
from wagtail_crowdbrand.domain import ingesting
from wagtail_crowdbrand.models import Contributor
from wagtail_crowdbrand.models.upload import private_storage
from wagtail_crowdbrand.views import keys

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready")]


@pytest.fixture
def waiting():
    """In review in the workflow of its own campaign; another campaign has another."""
    campaign = factories.make_campaign(moderation_workflow=factories.make_workflow())
    return factories.make_waiting(factories.make_brief(campaign))


@pytest.fixture
def draft(waiting):
    return factories.make_draft(waiting.brief)


def holder_of(*submissions) -> Client:
    """A browser whose session opens ``submissions``."""
    client = Client()
    session = client.session
    session[keys.SESSION_KEY] = {row.code: row.nonce for row in submissions}
    session.save()
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url_of(submission) -> str:
    upload = submission.uploads.get()
    return reverse("wagtail_crowdbrand:upload", args=[upload.pk])


def status_of(client: Client, submission) -> int:
    response = client.get(url_of(submission))
    content_of(response)
    return response.status_code


def content_of(response) -> bytes:
    """Read to the end, which closes the file."""
    return b"".join(response.streaming_content if response.streaming else response)


def moderator_of(submission) -> User:
    return factories.make_moderator(submission.get_workflow())


def outdated(submission) -> Client:
    """A session from before the private links were revoked."""
    client = holder_of(submission)
    submission.nonce = "another"
    submission.save(update_fields=["nonce"])
    return client


def account_of(submission) -> Client:
    user = User.objects.create_user("contributor")
    made = Contributor(email="ada@example.org", created_at=timezone.now())
    contributor = submission.contributor or made
    contributor.user = user
    contributor.save()
    submission.contributor = contributor
    submission.save(update_fields=["contributor"])
    return signed_in(user)


def somebody(**fields) -> Client:
    return signed_in(User.objects.create_user("somebody", **fields))


def without_moderation() -> Client:
    """Moderates another campaign, on the workflow of that one."""
    return signed_in(factories.make_moderator(factories.make_workflow()))


ROLES = {
    "owner": (lambda row: holder_of(row), 200, 200),
    "account of the owner": (account_of, 200, 200),
    "moderator": (lambda row: signed_in(moderator_of(row)), 200, 404),
    "superuser": (lambda row: somebody(is_superuser=True), 200, 404),
    "anonymous": (lambda row: Client(), 404, 404),
    "owner of another": (lambda row: holder_of(factories.make_draft()), 404, 404),
    "revoked": (outdated, 404, 404),
    "moderator of another": (lambda row: without_moderation(), 404, 404),
    "default moderator": (lambda row: signed_in(factories.make_moderator()), 404, 404),
    "editor": (lambda row: somebody(is_staff=True), 404, 404),
    "dismissed": (lambda row: somebody(is_superuser=True, is_active=False), 404, 404),
}


@pytest.mark.parametrize(("client_of", "sent", "unsent"), ROLES.values(), ids=ROLES)
def test_picture_is_for_its_contributor_and_moderators(
    waiting, draft, client_of, sent, unsent
):
    """Before it is sent, even moderators do not look."""
    assert status_of(client_of(waiting), waiting) == sent
    User.objects.all().delete()
    assert status_of(client_of(draft), draft) == unsent


@pytest.mark.parametrize("method", ["get", "head"])
def test_picture_can_only_be_saved_or_shown_as_a_picture(waiting, method):
    response = getattr(holder_of(waiting), method)(url_of(waiting))

    upload = waiting.uploads.get()
    assert response.status_code == 200
    expected = {
        "Content-Type": "image/png",
        "Content-Length": str(upload.size),
        "Content-Disposition": f'attachment; filename="{upload.pk.hex}.png"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {name: response[name] for name in expected} == expected
    assert len(content_of(response)) == (upload.size if method == "get" else 0)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_picture_is_only_read(waiting, method):
    response = getattr(holder_of(waiting), method)(url_of(waiting))

    assert response.status_code == 405
    assert private_storage().exists(waiting.uploads.get().file.name)


def test_missing_file_is_not_found(waiting):
    private_storage().delete(waiting.uploads.get().file.name)

    assert holder_of(waiting).get(url_of(waiting)).status_code == 404


def test_unknown_picture_is_not_found(waiting):
    url = reverse("wagtail_crowdbrand:upload", args=[uuid4()])

    assert holder_of(waiting).get(url).status_code == 404


def test_original_is_never_served(draft):
    sent = hostile.jpeg(exif=hostile.exif(6), comment=hostile.SCRIPT)
    upload = ingesting.add_upload(draft, BytesIO(sent), at=timezone.now())
    url = reverse("wagtail_crowdbrand:upload", args=[upload.pk])
    content = content_of(holder_of(draft).get(url))

    assert hostile.SECRET not in content
    assert Image.open(BytesIO(content)).size == (48, 64)


def test_file_is_not_below_the_public_folder(client, waiting):
    name = waiting.uploads.get().file.name

    assert client.get(f"/media/{name}").status_code == 404
