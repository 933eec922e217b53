"""Notices and an appeal of the demo, so that both queues have something in them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from wagtail_crowdbrand.domain import appealing, decisions, noticing
from wagtail_crowdbrand.errors import NotAllowed
from wagtail_crowdbrand.models import Submission

#: Title of the idea, the reason, what the visitor says, and the visitor's name.
NOTICES = (
    (
        "Vagarosa",
        "rights",
        "There is a bakery of that name in Aveiro, and its sign has the same wave.",
        "Delfim, baker",
    ),
    ("Vagarosa", "other", "My boat is called that. She is fast.", ""),
    (
        "Going under, slowly",
        "rights",
        "This looks like the mark of our rowing club. Could you compare the two?",
        "The Upper Cove rowers",
    ),
)
APPEALED = "Captain Cutbacks"
OBJECTION = (
    "It is satire, and he is a public figure: he chairs the harbour board. Nobody is "
    "insulted by being reminded of what he said himself."
)


def load_complaints() -> None:
    """Give and send what is not there yet."""
    now = timezone.now()
    for title, reason, text, name in NOTICES:
        submission = Submission.objects.filter(title=title).first()
        problem = noticing.Problem(
            reason_code=reason, person=text, text=text, name=name, language="en"
        )
        try:
            if submission:
                noticing.give_notice(submission, problem, at=now)
        except NotAllowed:
            continue  # given before, or no longer on show
    _appeal()


def _appeal() -> None:
    """Once the decision cannot be undone any more, which takes a minute."""
    submission = Submission.objects.filter(title=APPEALED).first()
    decision = submission and decisions.in_force(submission)
    if not decision:
        return
    at = max(timezone.now(), decision.settles_at or decision.decided_at)
    if appealing.can_appeal(submission, at=at + timedelta(seconds=1)):
        appealing.appeal(submission, text=OBJECTION, at=at + timedelta(seconds=1))
