"""Drafts, limits, terms, confirmation: what may be sent, and when it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests import factories
from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import (
    access,
    drafting,
    moderating,
    publishing,
    submitting,
    terms,
)
from wagtail_crowdbrand.errors import NotAllowed, Vetoed
from wagtail_crowdbrand.models import Contributor, Submission, TermsVersion
from wagtail_crowdbrand.models.submission import CODE_ALPHABET, new_code

pytestmark = pytest.mark.django_db


def refused(deed, *args, **kwargs) -> str:
    with pytest.raises(NotAllowed) as refusal:
        deed(*args, **kwargs)
    return refusal.value.code


def send(draft, **kwargs):
    at = kwargs.pop("at", timezone.now())
    return submitting.submit(draft, **{"terms_number": 1, "at": at, **kwargs})


def test_code_is_speakable_and_unordered():
    codes = {new_code() for _number in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {9}
    assert set("".join(codes)) <= set(CODE_ALPHABET + "-")
    assert not set("01IOAEU") & set(CODE_ALPHABET)


def test_draft_needs_an_open_campaign(ready):
    brief = factories.make_brief()
    late = brief.campaign.closes_at + timedelta(seconds=1)
    assert refused(drafting.start_draft, brief, at=late) == "closed"
    assert Submission.objects.count() == 0


def test_draft_from_before_the_deadline_cannot_be_sent_after_it(ready):
    draft = factories.make_draft()
    closes = draft.campaign.closes_at
    assert refused(send, draft, at=closes + timedelta(seconds=1)) == "closed"
    assert send(draft, at=closes).is_late is False


def test_sent_in_the_grace_is_marked_late(ready):
    brief = factories.make_brief(factories.make_campaign(grace_minutes=10))
    draft = factories.make_draft(brief)
    closes = brief.campaign.closes_at
    assert send(draft, at=closes + timedelta(minutes=10)).is_late is True


def test_incomplete_draft_is_not_sent(ready):
    brief = factories.make_brief(min_images=1)
    draft = factories.make_draft(brief, pictures_count=0)
    assert drafting.missing(draft) == ["images"]
    assert refused(send, draft) == "incomplete"


def test_pictures_of_others_are_not_taken(ready):
    draft, other = factories.make_draft(), factories.make_draft()
    idea = drafting.Idea(title="T", summary="S", images=other.images)
    saved = drafting.save_draft(draft, idea=idea, at=timezone.now())
    assert saved.images == []


def test_too_many_pictures_are_refused(ready):
    brief = factories.make_brief(max_images=1)
    assert refused(factories.make_draft, brief, pictures_count=2) == "too_many_images"


def test_sent_once(ready):
    draft = factories.make_draft()
    send(draft)
    assert refused(send, draft) == "already_submitted"
    assert refused(drafting.save_draft, draft, at=timezone.now()) == (
        "already_submitted"
    )


def test_terms_are_versioned_and_the_accepted_version_is_kept(ready):
    campaign = factories.make_campaign()
    first = factories.make_draft(factories.make_brief(campaign))
    second = factories.make_draft(factories.make_brief(campaign))
    sent = send(first)
    assert (sent.terms.number, sent.terms.content["prize"]) == (1, campaign.prize)

    campaign.prize = "Nothing at all."
    campaign.save()
    assert refused(send, second) == "terms_changed"
    assert send(second, terms_number=2).terms.content["prize"] == "Nothing at all."
    sent.refresh_from_db()
    assert sent.terms.content["prize"] == "A weekend on the island."


def test_moving_the_decision_makes_a_new_version(ready):
    campaign = factories.make_campaign()
    now = timezone.now()
    assert terms.current_version(campaign, at=now).number == 1
    campaign.decision_due_at += timedelta(days=1)
    assert terms.current_version(campaign, at=now).number == 2


def test_what_is_on_show_is_not_deleted(ready):
    row = factories.make_waiting()
    moderating.approve(row, actor=factories.make_moderator())
    publishing.publish(row, at=timezone.now())
    row.refresh_from_db()
    with pytest.raises(PermissionDenied):
        row.delete()
    assert Submission.objects.get().visible_from


def test_same_contract_is_the_same_version(ready):
    campaign = factories.make_campaign()
    now = timezone.now()
    versions = {terms.current_version(campaign, at=now).pk for _number in range(3)}
    campaign.title = "Renamed"
    versions.add(terms.current_version(campaign, at=now).pk)
    assert len(versions) == 1
    assert TermsVersion.objects.filter(campaign_page=campaign).count() == 1


def test_unconfirmed_counts_for_nothing(ready):
    brief = factories.make_brief(max_per_contributor=1)
    for _number in range(3):
        draft = factories.make_draft(brief)
        draft.personal.email = "ada@example.org"
        draft.personal.save()
        send(draft)
    assert Contributor.objects.count() == 0
    assert Submission.objects.sent().count() == 0


def test_limit_holds_at_confirmation_whatever_the_spelling(ready):
    brief = factories.make_brief(max_per_contributor=1)
    rows = []
    for address in ("Ada@Example.org", "ada@example.org"):
        draft = factories.make_draft(brief)
        draft.personal.email = address
        draft.personal.save()
        rows.append(send(draft))
    first = submitting.confirm(rows[0], at=timezone.now())
    assert refused(submitting.confirm, rows[1], at=timezone.now()) == "limit_reached"
    assert Contributor.objects.get() == first.contributor


def test_withdrawn_makes_room(ready):
    brief = factories.make_brief(max_per_contributor=1)
    user = User.objects.create_user("ada", "ada@example.org")
    first = send(factories.make_draft(brief), user=user)
    second = factories.make_draft(brief)
    assert refused(send, second, user=user) == "limit_reached"
    submitting.withdraw(first, at=timezone.now())
    assert send(second, user=user).confirmed_at


def test_account_counts_at_once_and_is_not_the_guest_of_that_address(ready):
    guest = factories.make_sent()
    address = guest.personal.email
    submitting.confirm(guest, at=timezone.now())
    user = User.objects.create_user("ada", address)
    sent = send(factories.make_draft(), user=user)
    assert sent.confirmed_at
    assert sent.contributor.user == user
    assert Contributor.objects.count() == 2


def test_confirming_moves_the_address_and_revokes_older_links(ready):
    sent = factories.make_sent()
    address = sent.personal.email
    old = access.token_for(sent, access.EDIT)
    confirmed = submitting.confirm(sent, at=timezone.now())
    assert confirmed.contributor.email == address
    assert confirmed.personal.email == ""
    assert not access.is_valid(old, confirmed, access.EDIT)
    again = submitting.confirm(confirmed, at=timezone.now())
    assert again.confirmed_at == confirmed.confirmed_at


def test_confirmation_ends_48_hours_after_closing(ready):
    sent = factories.make_sent()
    end = sent.campaign.closes_at + timedelta(hours=48)
    late = end + timedelta(seconds=1)
    assert refused(submitting.confirm, sent, at=late) == "confirmation_expired"
    assert submitting.confirm(sent, at=end).confirmed_at == end


def test_token_is_for_one_purpose_and_one_submission(ready, settings):
    one, two = factories.make_sent(), factories.make_sent()
    token = access.token_for(one, access.EDIT)
    assert access.is_valid(token, one, access.EDIT)
    assert not access.is_valid(token, one, access.CONFIRM)
    assert not access.is_valid(token, two, access.EDIT)
    assert not access.is_valid("", one, access.EDIT)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "new"
    assert access.is_valid(token, one, access.EDIT)
    settings.SECRET_KEY_FALLBACKS = []
    assert not access.is_valid(token, one, access.EDIT)


def test_veto_stops_everything(ready):
    def veto(**kwargs):
        raise Vetoed("no", "Not today.")

    draft = factories.make_draft()
    signals.pre_submit.connect(veto)
    try:
        with pytest.raises(Vetoed):
            send(draft)
    finally:
        signals.pre_submit.disconnect(veto)
    draft.refresh_from_db()
    assert draft.lifecycle == "draft"
    assert draft.terms is None


def test_haste_is_noted_for_the_moderator(ready):
    at = timezone.now()
    fast = submitting.submit(factories.make_draft(), terms_number=1, at=at)
    assert fast.suspicion == "sent faster than a person types (60%)"
    calm = factories.make_draft()
    later = calm.created_at + timedelta(seconds=3)
    assert submitting.submit(calm, terms_number=1, at=later).suspicion == ""


@pytest.mark.parametrize("moderation", ["rejected", "spam", "hidden"])
def test_what_moderation_took_down_cannot_be_edited(ready, moderation):
    sent = factories.make_confirmed()
    Submission.objects.filter(pk=sent.pk).update(moderation=moderation)
    idea = drafting.Idea(title="T", summary="S")
    code = refused(
        submitting.edit, sent, idea=idea, person=drafting.Person(), at=timezone.now()
    )
    assert code == ("hidden" if moderation == "hidden" else "rejected")


def test_edit_after_changes_were_requested_is_reviewed_again(ready, commits):
    sent = factories.make_waiting(title="Old")
    moderator = factories.make_moderator()
    moderating.request_changes(sent, actor=moderator, reason="Shorter.")
    with commits():
        submitting.edit(
            sent,
            idea=drafting.Idea(title="New", summary="S"),
            person=drafting.Person(),
            at=timezone.now(),
        )
    sent.refresh_from_db()
    assert sent.staff_status == "waiting"
    assert sent.workflow_in_progress
    assert sent.get_latest_revision_as_object().title == "New"


def test_withdrawing_mails_only_a_confirmed_address(ready, commits):
    unconfirmed = factories.make_sent()
    with commits():
        submitting.withdraw(unconfirmed, at=timezone.now())
    assert mail.outbox == []

    confirmed = factories.make_confirmed()
    with commits():
        submitting.withdraw(confirmed, at=timezone.now())
    assert [message.to for message in mail.outbox] == [[confirmed.contributor.email]]


def test_draft_keeps_too_long_a_text_that_is_never_sent(ready):
    brief = factories.make_brief(max_summary_length=50)
    draft = factories.make_draft(brief, summary="x" * 51)
    assert len(draft.summary) == 51
    assert drafting.missing(draft) == ["summary"]
    assert refused(send, draft) == "incomplete"
