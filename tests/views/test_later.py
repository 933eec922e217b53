"""Going on later: a link by mail, and the list of one's own submissions."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests import factories
from wagtail_crowdbrand.domain import access, privacy, submitting, terms
from wagtail_crowdbrand.models import Message, Submission
from wagtail_crowdbrand.views.keys import SESSION_KEY

pytestmark = pytest.mark.django_db

MINE = "/crowdbrand/mine/"


@pytest.fixture
def brief(ready):
    return factories.make_brief(title="Name her")


def begin(client, brief, **data) -> Submission:
    client.post(f"{brief.url}submit/", {"title": "Nightglow", "summary": "x"} | data)
    return Submission.objects.latest("pk")


def step(brief, draft, name: str) -> str:
    return f"{brief.url}submit/{draft.code}/{name}/"


def holding(*rows) -> Client:
    client = Client()
    session = client.session
    session[SESSION_KEY] = {row.code: row.nonce for row in rows}
    session.save()
    return client


def titles(response) -> list[str]:
    return re.findall(
        r'cb-mine__title" dir="auto"><a[^>]*>([^<]*)', response.content.decode()
    )


def test_guest_saves_half_an_idea_and_has_a_link_sent(brief, client, commits):
    draft = begin(client, brief, title="", later="1")
    response = client.post(
        step(brief, draft, "idea"), {"summary": "Half", "later": "1"}
    )
    assert response.url == step(brief, draft, "resume")
    assert client.get(response.url).status_code == 200

    with commits():
        sent = client.post(response.url, {"email": "ada@example.org"})
    assert sent.url == f"{response.url}?sent"
    assert "ada@example.org" in client.get(sent.url).content.decode()
    [message] = mail.outbox
    assert message.to == ["ada@example.org"]
    assert "Half" not in message.body
    link = re.search(r"http\S+/r/\S+", message.body).group()

    phone = Client()
    response = phone.get(link)
    assert response["Referrer-Policy"] == "no-referrer"
    response = phone.get(link, follow=True)
    assert response.request["PATH_INFO"] == step(brief, draft, "idea")
    assert "Half" in response.content.decode()


def test_link_to_a_draft_opens_nothing_that_was_sent(brief):
    sent = factories.make_sent(brief)
    link = f"/crowdbrand/r/{sent.code}/{access.token_for(sent, access.RESUME)}/"
    stranger = Client()
    assert stranger.get(link).status_code == 404
    assert stranger.get(f"/crowdbrand/ideas/{sent.code}/").status_code == 404


@pytest.mark.parametrize("purpose", [access.CONFIRM, access.EDIT])
def test_other_links_do_not_open_a_draft(brief, client, purpose):
    draft = factories.make_draft(brief)
    token = access.token_for(draft, purpose)
    assert client.get(f"/crowdbrand/r/{draft.code}/{token}/").status_code == 404


def test_links_are_sent_only_so_often_to_one_address(brief, settings):
    """From wherever they are asked for, and whatever the spelling."""
    settings.WAGTAIL_CROWDBRAND = {"RATE_LIMITS": {"resume_to": "1/d"}}
    for number, email in enumerate(["ada@example.org", "Ada@Example.org"]):
        draft = factories.make_draft(brief)
        response = holding(draft).post(
            step(brief, draft, "resume"),
            {"email": email},
            REMOTE_ADDR=f"192.0.2.{number}",
        )
    assert response.status_code == 200
    assert "try again later" in response.content.decode()
    assert Message.objects.filter(kind="resume").count() == 1


def test_known_and_unknown_addresses_get_the_same_answer(brief):
    known = factories.make_confirmed(brief).contributor.email
    answers = []
    for email in (known, "nobody@example.org"):
        draft = factories.make_draft(brief)
        response = holding(draft).post(step(brief, draft, "resume"), {"email": email})
        page = holding(draft).get(response.url).content.decode()
        page = re.sub(r'name="csrf[^>]*>', "", page)
        answers.append(page.replace(email, "").replace(draft.code, ""))
    assert answers[0] == answers[1]


def test_an_account_finds_its_drafts_on_any_device(brief, client):
    user = User.objects.create_user("ada", "ada@example.org")
    client.force_login(user)
    draft = begin(client, brief, later="1")
    assert draft.contributor.user == user
    assert Client().get(MINE).context["drafts"] == []
    elsewhere = Client()
    elsewhere.force_login(user)
    assert titles(elsewhere.get(MINE)) == ["Nightglow"]
    assert elsewhere.get(step(brief, draft, "idea")).status_code == 200


def test_draft_of_an_account_can_be_sent_by_a_guest(brief, commits):
    """The mail goes to the address that was typed, not to the account's."""
    user = User.objects.create_user("ada", "account@example.org")
    begun = Client()
    begun.force_login(user)
    draft = begin(begun, brief)
    guest = holding(draft)
    guest.post(step(brief, draft, "about"), {"email": "typed@example.org"})
    with commits():
        guest.post(step(brief, draft, "check"), {"accept": "on", "terms_number": "1"})
    draft.refresh_from_db()
    assert (draft.lifecycle, draft.contributor) == ("submitted", None)
    assert [message.to for message in mail.outbox] == [["typed@example.org"]]


def send(draft: Submission, user: User) -> Submission:
    now = timezone.now()
    number = terms.current_version(draft.campaign, at=now).number
    return submitting.submit(draft, user=user, terms_number=number, at=now)


def test_drafts_come_before_what_was_sent(brief, client):
    user = User.objects.create_user("ada", "ada@example.org")
    client.force_login(user)
    for title in ("First", "Second"):
        send(factories.make_draft(brief, title=title), user)
    begin(client, brief, title="Third")
    factories.make_confirmed(brief, title="SOMEBODY ELSE'S")
    response = client.get(MINE)
    assert titles(response) == ["Third", "Second", "First"]
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_guest_sees_what_this_browser_opens(brief):
    rows = [factories.make_sent(brief, title=title) for title in ("Old", "New")]
    guest = holding(*rows)
    assert titles(guest.get(MINE)) == ["New", "Old"]
    Submission.objects.filter(pk=rows[0].pk).update(nonce="revoked")
    assert titles(guest.get(MINE)) == ["New"]


def test_edit_of_something_on_show_is_what_its_contributor_sees(brief, commits):
    with commits():
        row = factories.make_confirmed(brief, title="Before")
    idea = factories.drafting.Idea(title="After", summary="x")
    submitting.edit(
        row, idea=idea, person=factories.drafting.Person(), at=timezone.now()
    )
    row.refresh_from_db()
    assert titles(holding(row).get(MINE)) == ["After"]


def test_erased_and_discarded_ones_are_gone(brief, client):
    user = User.objects.create_user("ada", "ada@example.org")
    client.force_login(user)
    draft = begin(client, brief)
    sent = send(factories.make_draft(brief), user)
    client.post(f"/crowdbrand/ideas/{draft.code}/erase/")
    assert len(titles(client.get(MINE))) == 1
    privacy.erase_alone(sent, at=timezone.now())
    assert "Nothing yet" in client.get(MINE).content.decode()


def test_empty_list_leads_to_the_campaigns(client):
    assert "See all campaigns" not in client.get(MINE).content.decode()
    index = factories.make_index()
    words = "See all campaigns"
    assert f'href="{index.url}">{words}' in client.get(MINE).content.decode()
    PageViewRestriction.objects.create(page=index, restriction_type="login")
    assert words not in client.get(MINE).content.decode()


def test_own_list_takes_the_same_queries_for_one_and_for_many(brief, queries_of):
    rows = [factories.make_sent(brief)]
    one = queries_of(lambda: holding(*rows).get(MINE))
    rows += [factories.make_sent(factories.make_brief()) for _ in range(3)]
    rows += [factories.make_draft(brief, pictures_count=2) for _ in range(3)]
    assert queries_of(lambda: holding(*rows).get(MINE)) == one


def test_own_list_has_pages(brief, monkeypatch):
    monkeypatch.setattr("wagtail_crowdbrand.views.mine.PAGE_SIZE", 2)
    rows = [factories.make_sent(brief, title=f"No {number}") for number in range(3)]
    guest = holding(*rows)
    assert titles(guest.get(MINE)) == ["No 2", "No 1"]
    assert 'href="?page=2"' in guest.get(MINE).content.decode()
    for wild in ("2", "99"):
        assert titles(guest.get(f"{MINE}?page={wild}")) == ["No 0"]
    assert titles(guest.get(f"{MINE}?page=x")) == ["No 2", "No 1"]


def test_closed_page_keeps_the_words_that_were_on_the_way(brief, client):
    draft = begin(client, brief)
    campaign = brief.campaign
    campaign.closes_at = timezone.now()
    campaign.save()
    response = client.post(
        step(brief, draft, "idea"), {"title": "Typed too late", "summary": "All of it"}
    )
    assert response.status_code == 403
    for words in ("Typed too late", "All of it"):
        assert words in response.content.decode()


def test_pictures_of_an_edit_survive_a_reload(brief):
    sent = factories.make_confirmed(brief)
    owner, url = holding(sent), f"/crowdbrand/ideas/{sent.code}/edit/"
    data = {
        "title": "After",
        "summary": "x",
        "picture": [sent.images[0]["upload"]],
        f"alt-{sent.images[0]['upload']}": "A blue field",
        "files": [factories.picture_file()],
        "upload": "1",
    }
    assert len(owner.post(url, data).context["pictures"]) == 2
    again = owner.get(url)
    assert len(again.context["pictures"]) == 2
    assert len(Submission.objects.get(pk=sent.pk).images) == 1
    second = str(again.context["pictures"][1]["upload"].pk)
    del data["upload"], data["files"]
    data |= {"picture": [data["picture"][0], second], f"alt-{second}": "Another"}
    assert owner.post(url, data).status_code == 302
    assert len(owner.get(url).context["pictures"]) == 2
    assert "crowdbrand_editing" not in owner.session


def test_links_are_asked_for_only_so_often_from_one_place(brief, settings):
    settings.WAGTAIL_CROWDBRAND = {"RATE_LIMITS": {"resume": "1/d"}}
    for email in ("ada@example.org", "bea@example.org"):
        draft = factories.make_draft(brief)
        response = holding(draft).post(step(brief, draft, "resume"), {"email": email})
    assert "try again later" in response.content.decode()
    assert Message.objects.filter(kind="resume").count() == 1
