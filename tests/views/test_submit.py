"""Three steps that lose nothing, and the private pages after them."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand.domain import (
    access,
    drafting,
    moderating,
    privacy,
    submitting,
)
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import Submission, Upload

pytestmark = pytest.mark.django_db

IDEA = {"title": "Nightglow", "summary": "It glows."}
PERSON = {"email": "ada@example.org", "credit_name": "Ada"}
PAGES = ("compare", "sheet", "submit")


@pytest.fixture
def brief(ready):
    return factories.make_brief()


def begin(client, brief, **data) -> Submission:
    client.post(f"{brief.url}submit/", {**IDEA, **data})
    return Submission.objects.latest("pk")


def step(brief, draft, name: str) -> str:
    return f"{brief.url}submit/{draft.code}/{name}/"


def send(client, brief, **data) -> Submission:
    draft = begin(client, brief, **data)
    client.post(step(brief, draft, "about"), PERSON)
    answer = {"accept": "on", "terms_number": "1"}
    client.post(step(brief, draft, "check"), answer)
    return Submission.objects.get(pk=draft.pk)


def test_a_guest_sends_an_idea(brief, client, commits):
    with commits():
        sent = send(client, brief)
    assert (sent.lifecycle, sent.title) == ("submitted", "Nightglow")
    status = client.get(f"/crowdbrand/ideas/{sent.code}/").content.decode()
    assert sent.code in status
    assert "ada@example.org" in status
    assert access.token_for(sent, access.EDIT) not in status

    link = re.search(r"http\S+", mail.outbox[0].body).group()
    assert access.token_for(sent, access.CONFIRM) in link
    other = Client()
    assert other.get(f"/crowdbrand/ideas/{sent.code}/confirm/").status_code == 404
    response = other.get(link, follow=True)
    sent.refresh_from_db()
    assert sent.confirmed_at is None
    assert access.token_for(sent, access.CONFIRM) not in response.request["PATH_INFO"]
    with commits():
        response = other.post(response.request["PATH_INFO"], follow=True)
    sent.refresh_from_db()
    assert sent.confirmed_at
    assert access.token_for(sent, access.EDIT) in response.content.decode()
    assert client.get(f"/crowdbrand/ideas/{sent.code}/").status_code == 404
    assert other.get(link).status_code == 404


def test_an_account_is_not_asked_for_an_address(brief, client, commits):
    user = User.objects.create_user("ada", "ada@example.org")
    client.force_login(user)
    draft = begin(client, brief)
    assert b'name="email"' not in client.get(step(brief, draft, "about")).content
    with commits():
        client.post(step(brief, draft, "about"), {"credit_name": "Ada"})
        answer = {"accept": "on", "terms_number": "1"}
        client.post(step(brief, draft, "check"), answer)
    draft.refresh_from_db()
    assert draft.confirmed_at
    assert draft.contributor.user == user
    assert "We have your idea" in mail.outbox[0].subject


def test_pictures_survive_an_error_elsewhere(brief, client):
    files = [factories.picture_file("a.png"), factories.picture_file("b.png")]
    response = client.post(
        f"{brief.url}submit/", {"title": "", "summary": "x", "files": files}
    )
    draft = Submission.objects.get()
    assert response.status_code == 200
    assert draft.summary == "x"
    assert len(draft.images) == 2
    for upload in Upload.objects.all():
        assert str(upload.pk) in response.content.decode()
        mine = client.get(f"/crowdbrand/pictures/{upload.pk}/")
        assert mine.status_code == 200
        assert mine.getvalue().startswith(b"\x89PNG")
        stranger = Client().get(f"/crowdbrand/pictures/{upload.pk}/")
        assert stranger.status_code == 404


def test_removing_and_describing_pictures(brief, client):
    draft = begin(client, brief, files=[factories.picture_file() for _ in range(3)])
    ids = [item["upload"] for item in draft.images]
    client.post(
        step(brief, draft, "idea"),
        {
            **IDEA,
            "picture": [ids[2], ids[0], ids[1]],
            f"alt-{ids[0]}": "First",
            f"alt-{ids[2]}": "Third",
            "remove": ids[1],
        },
    )
    draft.refresh_from_db()
    assert draft.images == [
        {"upload": ids[2], "alt": "Third"},
        {"upload": ids[0], "alt": "First"},
    ]


@pytest.mark.parametrize(
    ("button", "moved", "order"),
    [
        ("up", 2, [0, 2, 1]),
        ("up", 0, [0, 1, 2]),
        ("down", 0, [1, 0, 2]),
        ("down", 2, [0, 1, 2]),
    ],
)
def test_pictures_are_put_in_order_with_buttons(brief, client, button, moved, order):
    draft = begin(client, brief, files=[factories.picture_file() for _ in range(3)])
    ids = [item["upload"] for item in draft.images]
    data = {"title": "Half", "picture": ids, button: ids[moved]}
    response = client.post(step(brief, draft, "idea"), data)
    draft.refresh_from_db()
    assert response.url == step(brief, draft, "idea") + "#pictures"
    assert draft.title == "Half"
    assert [item["upload"] for item in draft.images] == [
        ids[number] for number in order
    ]


def test_rows_of_pictures_say_what_was_sent(brief, client):
    name = "holidays/../<b>boat\u202egnp.png"
    draft = begin(client, brief, files=[factories.picture_file(name)])
    content = client.get(step(brief, draft, "idea")).content.decode()
    assert "&lt;b&gt;boatgnp.png" in content
    assert "60 × 40" in content
    assert "holidays" not in content


def test_one_picture_too_many_is_named_and_the_others_kept(brief, client):
    files = [factories.picture_file(f"{number}.png") for number in range(4)]
    response = client.post(f"{brief.url}submit/", {**IDEA, "files": files})
    assert "“3.png” was left out" in response.content.decode()
    assert len(Submission.objects.get().images) == 3


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        ({"title": "x" * 121}, "title", "at most 120"),
        ({"summary": "y" * 601}, "summary", "at most 600"),
        ({"title": "a\x00b"}, "title", "ull characters"),
        ({"title": "a\u202eb"}, "title", "control characters"),
        ({"link": "javascript:alert(1)"}, "link", "valid URL"),
        ({"title": "   "}, "title", "required"),
    ],
)
def test_bad_input_is_explained_and_kept(brief, client, data, name, words):
    response = client.post(f"{brief.url}submit/", {**IDEA, **data})
    form = response.context["form"]
    assert response.status_code == 200
    assert words in str(form.errors[name])
    assert form["summary"].value() == {**IDEA, **data}["summary"]
    draft = Submission.objects.get()
    assert client.get(step(brief, draft, "check")).status_code == 302


def test_line_breaks_count_once(brief, client):
    summary = "\r\n".join(["x" * 99] * 6)  # 599 characters as people count
    begin(client, brief, summary=summary)
    draft = Submission.objects.get()
    assert len(draft.summary) == 599
    assert drafting.missing(draft) == []


def test_a_draft_is_found_again(brief, client):
    draft = begin(client, brief)
    response = client.get(f"{brief.url}submit/")
    assert response.url == step(brief, draft, "idea")
    assert client.get(f"{brief.url}submit/?new").status_code == 200


@pytest.mark.parametrize("name", ["idea", "about", "check"])
def test_a_draft_is_its_authors_alone(brief, client, name):
    draft = begin(client, brief)
    stranger = Client()
    assert stranger.get(step(brief, draft, name)).status_code == 404
    assert stranger.post(step(brief, draft, name), IDEA).status_code == 404
    assert client.get(step(brief, draft, "nothing")).status_code == 404
    other = factories.make_brief()
    assert client.get(step(other, draft, name)).status_code == 404


def test_steps_after_sending_lead_to_the_status(brief, client):
    sent = send(client, brief)
    response = client.post(step(brief, sent, "check"), {"accept": "on"})
    assert response.url == f"/crowdbrand/ideas/{sent.code}/"
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("name", ["idea", "about"])
def test_sent_in_another_tab_while_this_one_was_looked_up(
    brief, client, monkeypatch, name
):
    draft = begin(client, brief)
    kept = drafting.save_draft

    def late(submission, **details):
        sent = {"lifecycle": "submitted", "submitted_at": timezone.now()}
        Submission.objects.filter(pk=submission.pk).update(**sent)
        return kept(submission, **details)

    monkeypatch.setattr(drafting, "save_draft", late)
    response = client.post(step(brief, draft, name), IDEA | PERSON)
    assert response.url == f"/crowdbrand/ideas/{draft.code}/"


def test_closed_while_a_step_was_looked_up_keeps_the_words(brief, client, monkeypatch):
    draft = begin(client, brief)

    def late(submission, **details):
        raise NotAllowed("closed", "Closed.")

    monkeypatch.setattr(drafting, "save_draft", late)
    new = IDEA | {"summary": "It glows at dawn."}
    response = client.post(step(brief, draft, "idea"), new)
    assert response.status_code == 403
    assert "It glows at dawn." in response.content.decode()


def test_changed_terms_are_shown_again(brief, client):
    draft = begin(client, brief)
    client.post(step(brief, draft, "about"), PERSON)
    client.get(step(brief, draft, "check"))
    campaign = brief.campaign
    campaign.prize = "A smaller prize."
    campaign.save()
    answer = {"accept": "on", "terms_number": "1"}
    response = client.post(step(brief, draft, "check"), answer)
    content = response.content.decode()
    assert "terms changed" in content
    assert "A smaller prize." in content
    draft.refresh_from_db()
    assert draft.lifecycle == "draft"


def test_the_trap_field_is_noted_and_nothing_is_lost(brief, client):
    draft = begin(client, brief)
    trapped = {**PERSON, "website": "https://spam.example"}
    client.post(step(brief, draft, "about"), trapped)
    draft.refresh_from_db()
    assert draft.suspicion == "filled in the trap field"
    assert draft.personal.email == "ada@example.org"


def test_forms_need_their_token(brief):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{brief.url}submit/", IDEA).status_code == 403
    assert Submission.objects.count() == 0


def test_edit_and_withdraw_with_the_private_link(brief, commits):
    with commits():
        sent = factories.make_confirmed(brief)
    owner = Client()
    link = f"/crowdbrand/e/{sent.code}/{access.token_for(sent, access.EDIT)}/"
    response = owner.get(link)
    assert response.url == f"/crowdbrand/ideas/{sent.code}/"
    assert response["Referrer-Policy"] == "no-referrer"
    page = owner.get(response.url)
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"

    image = sent.images[0]
    data = {
        "title": "Better",
        "summary": "Brighter.",
        "picture": [image["upload"]],
        f"alt-{image['upload']}": "A bright boat",
    }
    with commits():
        assert owner.post(f"{response.url}edit/", data).url == response.url
    newest = Submission.objects.get(pk=sent.pk).get_latest_revision_as_object()
    assert (newest.title, newest.images[0]["alt"]) == ("Better", "A bright boat")

    assert owner.get(f"{response.url}withdraw/").status_code == 200
    sent.refresh_from_db()
    assert sent.lifecycle == "submitted"
    with commits():
        owner.post(f"{response.url}withdraw/")
    sent.refresh_from_db()
    assert sent.lifecycle == "withdrawn"


def test_incomplete_edit_keeps_what_was_typed(brief, commits):
    sent = factories.make_confirmed(brief, title="Before")
    owner = Client()
    owner.get(f"/crowdbrand/e/{sent.code}/{access.token_for(sent, access.EDIT)}/")
    data = {
        "title": "",
        "summary": "Typed for an hour",
        "files": [factories.picture_file()],
    }
    response = owner.post(f"/crowdbrand/ideas/{sent.code}/edit/", data)
    assert "Typed for an hour" in response.content.decode()
    assert len(response.context["pictures"]) == 1
    sent.refresh_from_db()
    assert sent.title == "Before"


@pytest.mark.parametrize("purpose", ["c", "e"])
@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "ü"])
def test_forged_links_open_nothing(brief, client, purpose, token):
    sent = factories.make_confirmed(brief)
    for code in (sent.code, sent.code.lower(), "ZZZZ-ZZZZ", "%00"):
        response = client.get(f"/crowdbrand/{purpose}/{code}/{token}/")
        assert response.status_code == 404
    assert client.get(f"/crowdbrand/ideas/{sent.code}/").status_code == 404


def test_a_link_for_one_purpose_does_not_do_for_the_other(brief, client):
    sent = factories.make_sent(brief)
    confirm = access.token_for(sent, access.CONFIRM)
    assert client.get(f"/crowdbrand/e/{sent.code}/{confirm}/").status_code == 404


@pytest.mark.parametrize("name", ["", "edit/", "withdraw/", "confirm/"])
def test_private_pages_are_nobody_elses(brief, client, name):
    sent = factories.make_confirmed(brief)
    address = f"/crowdbrand/ideas/{sent.code}/{name}"
    client.force_login(factories.make_moderator())
    for method in (client.get, client.post):
        assert method(address).status_code in (404, 405)
    unknown = client.get(f"/crowdbrand/ideas/ZZZZ-ZZZZ/{name}")
    assert unknown.status_code == 404
    assert "no-store" in unknown["Cache-Control"]
    assert unknown["X-Robots-Tag"] == "noindex"


def test_rejected_status_tells_the_reason_word_for_word(brief, client):
    user = User.objects.create_user("ada", "ada@example.org")
    client.force_login(user)
    sent = submitting.submit(
        factories.make_draft(brief), user=user, terms_number=1, at=timezone.now()
    )
    moderating.start(sent)
    sent.refresh_from_db()
    reason = "It shows <b>somebody else's</b> mark."
    moderating.reject(sent, actor=factories.make_moderator(), reason=reason)
    content = client.get(f"/crowdbrand/ideas/{sent.code}/").content.decode()
    assert "It shows &lt;b&gt;somebody else&#x27;s&lt;/b&gt; mark." in content
    response = client.get(f"/crowdbrand/ideas/{sent.code}/edit/")
    assert response.status_code == 403


def test_too_many_drafts_are_slowed_down_and_lose_nothing(brief, client, settings):
    settings.WAGTAIL_CROWDBRAND = {"RATE_LIMITS": {"draft": "1/d"}}
    begin(client, brief)
    response = client.post(f"{brief.url}submit/", {**IDEA, "title": "Typed by hand"})
    assert response.status_code == 429
    assert "Typed by hand" in response.content.decode()
    assert "try again later" in response.content.decode()
    assert Submission.objects.count() == 1


def test_too_many_pictures_an_hour_leave_the_words(brief, client, settings):
    settings.WAGTAIL_CROWDBRAND = {"RATE_LIMITS": {"upload": "1/d"}}
    files = [factories.picture_file(), factories.picture_file()]
    response = client.post(f"{brief.url}submit/", {**IDEA, "files": files})
    assert "try again later" in response.content.decode()
    draft = Submission.objects.get()
    assert (draft.title, draft.images) == ("Nightglow", [])


def test_guessing_links_is_slowed_down(brief, client, settings):
    settings.WAGTAIL_CROWDBRAND = {"RATE_LIMITS": {"link": "2/d"}}
    sent = factories.make_confirmed(brief)
    statuses = [
        client.get(f"/crowdbrand/e/{sent.code}/guess-{number}/").status_code
        for number in range(4)
    ]
    assert statuses == [404, 404, 429, 429]


def test_removed_picture_of_a_draft_is_gone(brief, client):
    draft = begin(client, brief, files=[factories.picture_file() for _ in range(2)])
    keep = draft.images[0]["upload"]
    client.post(step(brief, draft, "idea"), {**IDEA, "picture": [keep]})
    assert [str(upload.pk) for upload in draft.uploads.all()] == [keep]


@pytest.mark.parametrize("door", ["draft", "edit", "confirm"])
def test_session_somebody_else_planted_opens_nothing(brief, door):
    """Session fixation: the attacker knows the id the victim's browser had before."""
    attacker, victim = Client(), Client()
    session = Client().session
    session["language"] = "en"
    session.save()
    for client in (attacker, victim):
        client.cookies["sessionid"] = session.session_key
    if door == "draft":
        row = begin(victim, brief)
        address = step(brief, row, "idea")
    else:
        confirming = door == "confirm"
        row = factories.make_sent(brief) if confirming else factories.make_confirmed()
        purpose = access.CONFIRM if confirming else access.EDIT
        token = access.token_for(row, purpose)
        opened = victim.get(f"/crowdbrand/{purpose[0]}/{row.code}/{token}/")
        if confirming:
            victim.post(opened.url)
        address = f"/crowdbrand/ideas/{row.code}/"
    assert victim.get(address).status_code == 200
    assert attacker.get(address).status_code == 404


@pytest.mark.parametrize("began", ["unpublished", "draft"])
def test_campaign_off_the_site_takes_nothing(brief, client, commits, began):
    """Its brief is still published; Wagtail would go on showing it."""
    draft, sent = begin(client, brief), send(client, brief)
    with commits():
        submitting.confirm(sent, at=timezone.now())
    row = Submission.objects.get(pk=sent.pk)
    with commits():
        moderating.approve(row, actor=factories.make_moderator())
    page = Submission.objects.get(pk=sent.pk).page
    campaign = brief.campaign
    if began == "unpublished":
        with commits():
            campaign.unpublish()
    else:
        type(campaign).objects.filter(pk=campaign.pk).update(live=False)

    addresses = [brief.url, *(f"{brief.url}{name}/" for name in PAGES), page.url]
    addresses += [step(brief, draft, name) for name in ("idea", "about", "check")]
    assert {client.get(url).status_code for url in addresses} == {404}
    assert client.post(f"{brief.url}submit/", IDEA).status_code == 404
    assert client.post(step(brief, draft, "about"), PERSON).status_code == 404
    assert Submission.objects.count() == 2

    fresh = type(brief).objects.get(pk=brief.pk)
    now = timezone.now()
    row, idea = Submission.objects.get(pk=sent.pk), drafting.Idea(**IDEA)
    for deed in (
        lambda: drafting.start_draft(fresh, at=now),
        lambda: drafting.save_draft(draft, idea=idea, at=now),
        lambda: submitting.submit(draft, terms_number=1, at=now),
        lambda: submitting.edit(row, idea=idea, person=drafting.Person(), at=now),
    ):
        with pytest.raises(NotAllowed) as refusal:
            deed()
        assert refusal.value.code == "not_public"
    submitting.withdraw(row, at=now)
    privacy.erase(draft, at=now)
    assert Submission.objects.get(pk=draft.pk).erased_at == now


def test_brief_of_a_draft_campaign_is_previewed_as_it_will_be(brief):
    campaign = brief.campaign
    type(campaign).objects.filter(pk=campaign.pk).update(live=False)
    brief = type(brief).objects.get(pk=brief.pk)
    for page in (brief, brief.campaign):
        response = page.make_preview_request(preview_mode="open")
        assert response.context_data["clock"].can_submit
        assert "<strong>Open until</strong>" in response.content.decode()
    assert not type(campaign).objects.get(pk=campaign.pk).live
