"""Public signals. The text under each is its contract.

Veto signals (``pre_*``) are sent inside the transaction, before anything is written; a
receiver refuses by raising :class:`~wagtail_crowdbrand.errors.Vetoed`. Fact signals are
sent after the commit; a receiver that fails is logged and stops nobody.
"""

from __future__ import annotations

from django.dispatch import Signal

pre_submit = Signal()
"""Veto. A draft is about to be sent. Arguments: ``submission``."""

pre_decide = Signal()
"""Veto. A moderator is about to decide. Arguments: ``submission``, ``action``
(``approve``, ``request_changes``, ``reject``, ``spam``, ``hide``, ``restore``),
``actor`` (a user or ``None``)."""

submission_received = Signal()
"""Fact. A submission was sent. Arguments: ``submission_id``."""

submission_confirmed = Signal()
"""Fact. Its contributor is known: the e-mail address was confirmed, or an account sent
it. Arguments: ``submission_id``."""

submission_edited = Signal()
"""Fact. A contributor changed a sent submission, which is to be moderated again.
Arguments: ``submission_id``."""

submission_withdrawn = Signal()
"""Fact. The contributor took it back. Arguments: ``submission_id``."""

submission_erased = Signal()
"""Fact. Its contributor was forgotten: code, dates and decision are left, and other
systems have to forget it, too. Arguments: ``submission_id``."""

submission_decided = Signal()
"""Fact. Its ``moderation`` changed. Arguments: ``submission_id``, ``action`` (as in
``pre_decide``), ``reason`` (what the contributor gets to read)."""

decision_undone = Signal()
"""Fact. The last decision was taken back; the submission stands where it stood before.
Arguments: ``submission_id``."""

batch_started = Signal()
"""Fact. A decision for many is to be carried out. Arguments: ``batch_id``."""

removal_started = Signal()
"""Fact. A campaign is to go for ever, with everything people sent; it is off the site
already. ``submission_erased`` follows for each that is not erased yet. Arguments:
``removal_id``."""

mailing_started = Signal()
"""Fact. A line of the ledger is to be told to everybody who takes part. Arguments:
``mailing_id``."""

message_queued = Signal()
"""Fact. A mail was written into the outbox. Arguments: ``message_id``, ``due_at`` (an
aware datetime; not to be sent before)."""

submission_published = Signal()
"""Fact. The public can see it, for the first time or with new content. Arguments:
``submission_id``, ``first`` (bool)."""

campaign_revealed = Signal()
"""Fact. A sealed campaign showed all its approved submissions at once. Arguments:
``campaign_id``, ``shown`` (how many). ``submission_published`` follows for each."""

#: Every fact signal by its name.
FACTS = {
    name: value
    for name, value in list(globals().items())
    if isinstance(value, Signal) and not name.startswith("pre_")
}
