"""What mails say: in whose language, in both parts, with whose words and whose not."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from wagtail.users.models import UserProfile

from tests import factories
from wagtail_crowdbrand import notifications
from wagtail_crowdbrand.domain import (
    appealing,
    moderating,
    noticing,
    reasons,
    upkeep,
)
from wagtail_crowdbrand.models import Message, ModerationReason, Submission
from wagtail_crowdbrand.models.mailtexts import MAIL_KINDS, MailTextBlock

pytestmark = pytest.mark.django_db

NEGATIVE = ("request_changes", "reject", "spam", "hide")
TO_CONTRIBUTORS = (
    "resume",
    "confirm",
    "receipt",
    "receipt_again",
    "published",
    "republished",
    *NEGATIVE,
    "withdrawn",
    "appeal_receipt",
    "appeal_upheld",
    "appeal_overturned",
)
TO_GIVERS = ("notice_receipt", "notice_upheld", "notice_dismissed")
HOSTILE = "{title} %(x)s {{ x }} <b onclick=x>Bold</b> & {0.__class__}"
FACTS = {"reason": "It is not\n\n<i>yours</i>.", "rule": "§ 4", "answer": "No & no."}


class Reader(HTMLParser):
    """The words and links somebody reads in the HTML part, and nothing else."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hrefs: list[str] = []
        self.tags: set[str] = set()
        self._unread = 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self._unread += tag in ("title", "style")
        if tag == "a":
            self.hrefs.append(dict(attrs)["href"])

    def handle_endtag(self, tag):
        self._unread -= tag in ("title", "style")

    def handle_data(self, data):
        if not self._unread:
            self.words += data.split()


def read_text(text: str) -> tuple[list[str], list[str]]:
    """Words and links of the text part, without the marks that set it."""
    words: list[str] = []
    hrefs = []
    lines = text.splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("http"):
            hrefs.append(line)
        elif line != "-- ":
            if below.startswith("http"):
                line = line.removesuffix(":")
            words += line.removeprefix(">").split()
    return words, hrefs


def assert_both_parts_agree(letter: notifications.Mail) -> None:
    reader = Reader(letter.html)
    assert (reader.words, reader.hrefs) == read_text(letter.text)
    assert reader.tags <= {
        *("html", "head", "meta", "title", "style", "body", "div"),
        *("p", "a", "br", "blockquote"),
    }
    # One button at most: the first link, above the signature.
    above = letter.text.partition("\n-- \n")[0]
    assert letter.html.count('class="m-button"') == ("\nhttp" in above)
    assert "\n" not in letter.subject


@pytest.fixture
def waiting(ready) -> Submission:
    return factories.make_waiting(title="A lamp")


@pytest.fixture
def moderator(ready) -> User:
    return factories.make_moderator(email="mo@example.org")


@pytest.fixture
def noticed(waiting, moderator, commits):
    with commits():
        moderating.approve(waiting, actor=moderator)
    problem = noticing.Problem(
        reason_code="rights",
        person="x",
        email="giver@example.org",
        name="BUY-PILLS",
        text="CHEAP-WATCHES http://spam.example/",
        language="de",
    )
    with commits():
        return noticing.give_notice(waiting, problem, at=timezone.now())


def set_texts(submission: Submission, *texts: dict[str, str]) -> None:
    campaign = submission.campaign
    blank = {"language": "", "subject": ""}
    campaign.mail_texts = [("mail", blank | text) for text in texts]
    campaign.save()


def fresh(submission: Submission) -> Submission:
    return Submission.objects.get(pk=submission.pk)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", TO_CONTRIBUTORS)
def test_both_parts_say_the_same(kind, language, waiting):
    waiting.title = HOSTILE
    waiting.language = language
    letter = notifications.preview(waiting, kind, **FACTS)
    assert_both_parts_agree(letter)
    assert f'<html lang="{language}" dir="ltr">' in letter.html
    assert waiting.code in letter.subject
    everything = f"{letter.subject}{letter.text}".replace(HOSTILE, "")
    assert not re.search(r"[{}]|None|<", everything.replace("<i>yours</i>", ""))


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", TO_GIVERS)
def test_givers_of_notices_read_nothing_they_or_others_typed(kind, language, noticed):
    noticed.language = language
    noticed.answer = "We looked at it."
    noticed.save()
    message = Message.objects.create(
        kind=kind, notice=noticed, created_at=timezone.now(), due_at=timezone.now()
    )
    mail.outbox.clear()
    assert notifications.deliver(message)
    (sent,) = mail.outbox
    html = sent.alternatives[0].content
    assert_both_parts_agree(notifications.Mail(sent.subject, sent.body, html))
    assert sent.to == ["giver@example.org"]
    assert f'<html lang="{language}"' in html
    for part in (sent.subject, sent.body, html):
        assert not re.search("PILLS|WATCHES|spam|A lamp|Ada", part)
    assert "Somebody else's work or brand" in sent.body
    assert ("We looked at it." in sent.body) == (kind != "notice_receipt")


def test_mail_is_in_the_language_of_its_reader(waiting):
    for language, day in (("en", "December"), ("de", "Dezember")):
        waiting.language = language
        letter = notifications.preview(waiting, "receipt")
        assert day in letter.text
        assert day in letter.html


@pytest.mark.parametrize("kind", NEGATIVE)
def test_statement_of_reasons(kind, waiting, moderator, commits):
    reason = ModerationReason.objects.get(code="rights")
    reason.rule = "Send only\nwhat you made."
    reason.save()
    words = {"reason": "It is not yours.", "reason_code": "rights"}
    if kind == "hide":
        with commits():
            moderating.approve(waiting, actor=moderator)
    mail.outbox.clear()
    with time_machine.travel(timezone.now(), tick=False), commits():
        expected = notifications.preview(waiting, kind, **words)
        moderating.take(fresh(waiting), kind, actor=moderator, **words)
    (sent,) = mail.outbox
    text = sent.body
    assert "A lamp" in text or kind == "spam"
    assert "> It is not yours." in text
    assert "> Send only\n> what you made." in text
    assert "A person decided this, not software." in text
    assert ("you can object until" in text) == (kind != "request_changes")
    assert (sent.subject, text) == (expected.subject, expected.text)
    assert sent.alternatives[0].content == expected.html


def test_statement_says_when_software_decided_after_notices(
    waiting, moderator, commits, settings
):
    settings.WAGTAIL_CROWDBRAND = {"UNDO_SECONDS": 0, "NOTICES_HIDE_AFTER": 1}
    with commits():
        moderating.approve(waiting, actor=moderator)
    mail.outbox.clear()
    problem = noticing.Problem(reason_code="rights", person="x", language="de")
    with commits():
        noticing.give_notice(waiting, problem, at=timezone.now())
    (sent,) = mail.outbox
    assert "Software decided this by itself. A person looks at it next." in sent.body
    assert "A person decided this" not in sent.body
    assert "It followed what somebody who saw your idea told us." in sent.body
    assert "you can object until" in sent.body


def test_preview_sends_and_keeps_nothing(waiting):
    mail.outbox.clear()
    before = Message.objects.count()
    letter = notifications.preview(waiting, "reject", reason="No.")
    assert "> No." in letter.text
    assert (len(mail.outbox), Message.objects.count()) == (0, before)


def test_preview_of_an_approval_is_what_publishing_sends(waiting, moderator, commits):
    letter = notifications.preview(waiting, "approve")
    mail.outbox.clear()
    with commits():
        moderating.approve(waiting, actor=moderator)
    (sent,) = mail.outbox
    assert (sent.subject, sent.body) == (letter.subject, letter.text)
    assert sent.alternatives[0].content == letter.html


def test_appeals_are_answered_in_words(waiting, moderator, commits):
    with commits():
        moderating.reject(waiting, actor=moderator, reason="No.")
    mail.outbox.clear()
    with commits():
        appeal = appealing.appeal(fresh(waiting), text="SECRET plea", at=timezone.now())
        appealing.settle(
            appeal,
            outcome="upheld",
            actor=factories.make_moderator(),
            answer="We looked again.",
            at=timezone.now(),
        )
    receipt, answer = mail.outbox
    assert receipt.subject == f"We have your objection ({waiting.code})"
    assert answer.subject == f"Your objection: the decision stands ({waiting.code})"
    assert "> We looked again." in answer.body
    assert "SECRET" not in receipt.body + answer.body


def test_headers_are_one_line(waiting):
    waiting.title = "A\nBcc: all@example.org\r\n\x00\u2028x"
    set_texts(waiting, {"kind": "receipt", "subject": "{title}\n!", "text": "Thanks."})
    letter = notifications.preview(waiting, "receipt")
    assert letter.subject == "A Bcc: all@example.org x !"


# Words of a campaign's own


def test_own_words_replace_the_first_paragraph_and_leave_the_facts(waiting):
    ours = notifications.preview(waiting, "reject", **FACTS)
    set_texts(
        waiting,
        {
            "kind": "reject",
            "subject": "About {title}",
            "text": "Dear {name},\n\nthank you for “{title}” ({code}), sent to {brief} "
            "in {campaign} of {brand}.\nNot this time.",
        },
    )
    letter = notifications.preview(fresh(waiting), "reject", **FACTS)
    brief, campaign = waiting.brief, waiting.campaign
    assert letter.subject == "About A lamp"
    assert letter.text.startswith(
        f"Dear Ada Example,\n\nthank you for “A lamp” ({waiting.code}), sent to "
        f"{brief.title} in {campaign.title} of Fern & Ferry.\nNot this time.\n\n"
    )
    # From the reasons on, it is word for word the same.
    facts = ours.text[ours.text.index("This is the reason:") :]
    assert letter.text.endswith(facts)
    assert "Moderation has read" not in letter.text
    assert_both_parts_agree(letter)


def test_own_words_that_greet_nobody_follow_our_greeting(waiting):
    set_texts(waiting, {"kind": "receipt", "text": "Thanks for {title}."})
    letter = notifications.preview(waiting, "receipt")
    assert letter.text.startswith("Hello Ada Example,\n\nThanks for A lamp.\n\n")
    assert letter.subject == f"We have your idea ({waiting.code})"


def test_own_words_for_somebody_unnamed(waiting):
    waiting.personal.pending_credit_name = ""
    set_texts(waiting, {"kind": "receipt", "text": "Hello {name}, hello."})
    assert notifications.preview(waiting, "receipt").text.startswith("Hello, hello.\n")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("pt-br", "Brasil"), ("pt-pt", "Português"), ("pt", "Português"), ("de", "All")],
)
def test_own_words_are_found_by_language(language, expected, waiting):
    set_texts(
        waiting,
        {"kind": "receipt", "language": "", "text": "All"},
        {"kind": "receipt", "language": "pt", "text": "Português"},
        {"kind": "receipt", "language": "pt-br", "text": "Brasil"},
        {"kind": "reject", "language": "de", "text": "Nein"},
    )
    waiting.language = language
    text = notifications.preview(waiting, "receipt").text
    assert text.split("\n\n")[1] == expected


def test_own_words_in_another_language_are_not_used(waiting):
    set_texts(waiting, {"kind": "receipt", "language": "pt", "text": "Português"})
    assert (
        "has arrived, and it counts." in notifications.preview(waiting, "receipt").text
    )


@pytest.mark.parametrize("kind", [kind for kind, _label in MAIL_KINDS])
def test_titles_are_nobodys_template(kind, waiting):
    waiting.title = HOSTILE
    set_texts(
        waiting, {"kind": kind, "subject": "S {title}", "text": "T {title} {code}"}
    )
    letter = notifications.preview(waiting, kind, **FACTS)
    assert letter.subject == f"S {HOSTILE}"
    assert f"T {HOSTILE} {waiting.code}\n" in letter.text
    assert "<b onclick" not in letter.html
    assert_both_parts_agree(letter)


def test_own_words_bring_nothing_typed_to_an_unconfirmed_address(ready):
    sent = factories.make_sent(title="BUY PILLS")
    text = {"subject": "{title}", "text": "Hello {name}, confirm {title}."}
    for kind in ("confirm", "withdrawn"):
        set_texts(sent, {"kind": kind, **text})
        letter = notifications.preview(fresh(sent), kind)
        assert letter.subject == sent.code
        assert f"Hello, confirm {sent.code}." in letter.text
        assert not re.search("PILLS|Ada", f"{letter.text}{letter.html}")


def cleaned(**value: str):
    blank = {"kind": "receipt", "language": "", "subject": "", "text": "x"}
    block = MailTextBlock()
    return block.clean(block.to_python(blank | value))


@pytest.mark.parametrize(
    "text",
    [
        "{email}",
        "{title.__class__}",
        "{name!r:>99999999999}",
        "{0}",
        "{",
        "}",
        "{{name}}",
        "{ name }",
    ],
)
@pytest.mark.parametrize("field", ["subject", "text"])
def test_only_placeholders_stand_in_braces(field, text):
    with pytest.raises(ValidationError) as caught:
        cleaned(**{field: text})
    assert set(caught.value.block_errors) == {field}


def test_placeholders_are_accepted():
    text = "{name} {title} {code} {brief} {campaign} {brand}"
    assert cleaned(subject=text, text=text)["text"] == text


def test_the_mail_to_an_unconfirmed_address_names_nobody():
    assert cleaned(kind="confirm", text="{code} {brief} {campaign} {brand}")
    for name in ("{name}", "{title}"):
        with pytest.raises(ValidationError):
            cleaned(kind="confirm", text=name)


# Moderators


def digests(commits) -> list:
    mail.outbox.clear()
    with commits():
        upkeep.queue_digests(at=timezone.now() + timedelta(hours=9))
        call_command("crowdbrand_tick")
    return [sent for sent in mail.outbox if sent.to == ["mo@example.org"]]


def test_digest_counts_notices_and_appeals(noticed, moderator, commits):
    refused = factories.make_waiting()
    with commits():
        moderating.reject(refused, actor=factories.make_moderator(), reason="No.")
        appealing.appeal(fresh(refused), text="Please.", at=timezone.now())
    (sent,) = digests(commits)
    assert sent.subject == "1 notice waits for your decision"
    html = sent.alternatives[0].content
    assert_both_parts_agree(notifications.Mail(sent.subject, sent.body, html))
    assert sent.body.split("\n\n")[:2] == [
        "1 notice by a visitor is open.",
        "1 contributor objects to a decision and waits for an answer.",
    ]
    assert digests(commits) == []


def test_digest_leaves_out_appeals_against_ones_own_decision(
    waiting, moderator, commits
):
    with commits():
        moderating.reject(waiting, actor=moderator, reason="No.")
        appealing.appeal(fresh(waiting), text="Please.", at=timezone.now())
    assert digests(commits) == []


def test_digest_in_the_moderators_language(waiting, moderator, commits):
    UserProfile.objects.create(user=moderator, preferred_language="de")
    (sent,) = digests(commits)
    assert '<html lang="de"' in sent.alternatives[0].content


def test_nothing_waits_any_more_when_the_digest_is_due(waiting, moderator, commits):
    upkeep.queue_digests(at=timezone.now())
    message = Message.objects.get(kind="digest")
    with commits():
        moderating.reject(waiting, actor=moderator, reason="No.")
    assert notifications.deliver(message) is False


def test_reasons_of_notices_are_named_in_the_givers_language(noticed):
    reason = ModerationReason.objects.get(code="rights")
    reason.wordings.create(language="de", label="Fremdes Werk")
    reason.save()
    message = Message(kind="notice_receipt", notice=noticed)
    mail.outbox.clear()
    notifications.deliver(message)
    assert "Fremdes Werk" in mail.outbox[0].body
    assert reasons.find("rights").label not in mail.outbox[0].body


def test_mails_about_a_page_no_site_shows(waiting, noticed, settings):
    """A campaign can be moved, or its site deleted, while people take part."""
    settings.WAGTAILADMIN_BASE_URL = "https://admin.example.com"
    index = waiting.campaign.get_parent()
    index.move(index.get_root(), pos="last-child")
    row = fresh(waiting)
    for kind in TO_CONTRIBUTORS:
        letter = notifications.preview(row, kind)
        assert_both_parts_agree(letter)
        assert "None" not in letter.text
        links = read_text(letter.text)[1]
        assert links
        assert all(link.startswith("https://admin.example.com/") for link in links)
    row.page = None
    assert "None" not in notifications.preview(row, "published").text
