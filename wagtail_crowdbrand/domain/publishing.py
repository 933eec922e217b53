"""Approved submissions become pages: the one place that writes to the tree."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import swapper
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.db.transaction import TransactionManagementError
from django.utils.text import slugify
from wagtail.images.models import SourceImageIOError
from wagtail.log_actions import registry as log_registry
from wagtail.search import index

from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import decisions, gallery, outbox, pictures, trust
from wagtail_crowdbrand.models import Submission
from wagtail_crowdbrand.states import Lifecycle, Moderation, VisibilityMode

if TYPE_CHECKING:
    from uuid import UUID

    from wagtail_crowdbrand.models import (
        BriefMixin,
        CampaignMixin,
        SubmissionPageMixin,
    )

ATTEMPTS = 5


def may_be_shown(submission: Submission, *, at: datetime) -> bool:
    """Whether its approved version belongs before the public now.

    A version approved earlier stays on show while an edit is under review.
    """
    if submission.lifecycle != Lifecycle.SUBMITTED or not submission.live:
        return False
    if submission.moderation != Moderation.APPROVED and not submission.visible_from:
        pending = submission.moderation == Moderation.PENDING
        return pending and trust.publishes_first(submission)
    campaign = submission.campaign
    if campaign.visibility_mode == VisibilityMode.SEALED:
        return bool(campaign.revealed_at and campaign.revealed_at <= at)
    return True


def publish(submission: Submission, *, at: datetime) -> Any:
    """Bring the public in line with what was approved: page, pictures, gallery.

    What is sealed waits for its reveal (:mod:`revealing`).

    Safe to repeat, and to run twice at once: the gallery is locked while its tree
    changes, and only the run that changed something announces it. Returns the page,
    or ``None`` when there is nothing to show.
    """
    if not may_be_shown(Submission.objects.get(pk=submission.pk), at=at):
        return None
    page = _with_retry(partial(_publish, submission, at=at))
    if page is None:  # withdrawn or hidden meanwhile
        retract(submission)
    return page


def retract(submission: Submission) -> None:
    """Take page and pictures away from something that is no longer visible."""
    _with_retry(partial(_retract, submission))
    _with_retry(partial(_take_pictures_down, submission))


def complete(submission: Submission) -> None:
    """Make public copies anew that somebody deleted from Wagtail's library."""
    pictures.make_public(submission)
    gallery.renew([submission.brief_key])
    _announce(submission, first=False)


def remove(submission: Submission, *, treat_log: Callable[[Any], Any]) -> None:
    """Delete the page of something erased, with its aliases and translations.

    ``treat_log`` gets what the audit log says of each, in the same transaction.
    """
    _with_retry(partial(_remove_pages, submission, treat_log=treat_log))


def strip_log(entries: QuerySet[Any], *, label: str) -> None:
    """Leave in an audit log who did what when, and nothing of what it was about."""
    entries.update(label=label, data={}, revision=None)


def absent() -> QuerySet[Submission]:
    """Visible in a brief and a campaign that are live, but its page is not."""
    return Submission.objects.filter(
        visible_from__isnull=False,
        brief_page__live=True,
        campaign_page__live=True,
        page__live=False,
    )


def overlooked() -> QuerySet[Submission]:
    """Visible, and its page is live, though the brief or the campaign is not."""
    dark = Q(brief_page__live=False) | Q(campaign_page__live=False)
    rows = Submission.objects.filter(dark, visible_from__isnull=False)
    return rows.filter(page__live=True)


def darken_overlooked() -> int:
    """Take all of those off the site. Returns how many pages that are."""
    rows = list(overlooked().order_by("brief_key").values_list("brief_key", "page"))
    number = _pages_of(pk for _key, pk in rows).update(live=False)
    gallery.renew(sorted({key for key, _pk in rows}))
    return number


def darken_below(page: BriefMixin | CampaignMixin) -> None:
    """A brief or campaign is off the site: so is what is visible in it.

    Wagtail would leave the pages below it live, where its APIs and the site's search
    find them. One statement, and :func:`republish_below` takes it back. Translations
    of a brief that are still there show less from the commit on.
    """
    shown = _below(page, Submission.objects.filter(visible_from__isnull=False))
    _pages_of(shown.values("page")).update(live=False)
    keys = list(shown.values_list("brief_key", flat=True).distinct())
    # Whoever unpublished it holds the tree, which is locked after the galleries.
    transaction.on_commit(partial(gallery.renew, keys), robust=True)


def _pages_of(ids: Any, *, live: bool = True) -> QuerySet[Any]:
    """The pages with these ids and their aliases, as far as they are ``live``."""
    tree = swapper.load_model("wagtailcore", "Page")
    ids = ids if isinstance(ids, QuerySet) else list(ids)
    return tree.objects.filter(Q(pk__in=ids) | Q(alias_of__in=ids), live=live)


def republish_below(page: BriefMixin | CampaignMixin) -> None:
    """A brief or campaign is back: so are the pages of what is visible in it."""
    keys = _below(page, absent()).values_list("brief_key", flat=True)
    for brief_key in keys.distinct():
        _brighten(brief_key)
    for submission in _below(page, absent()).order_by("pk"):
        republish(submission)


def _below(
    page: BriefMixin | CampaignMixin, rows: QuerySet[Submission]
) -> QuerySet[Submission]:
    here = Q(brief_page=page.pk) | Q(campaign_page=page.pk)
    return rows.filter(here).order_by()


@transaction.atomic
def _brighten(brief_key: UUID) -> None:
    """Take back what :func:`darken_below` did; others were unpublished one by one."""
    counter = gallery.lock(brief_key)  # nothing is hidden in between
    gallery.count_change(counter)
    gone = absent().filter(brief_key=brief_key, page__has_unpublished_changes=False)
    pages = _pages_of(gone.order_by().values("page"), live=False)
    pages.filter(has_unpublished_changes=False).update(live=True)


def republish(submission: Submission) -> None:
    """Bring the page of something visible back. Safe to repeat."""
    _with_retry(partial(_republish, submission))


class _Overtaken(Exception):
    """Somebody took the pictures away between making and showing them."""


def _with_retry(write: Any) -> Any:
    """Run a tree write again when another one got in between."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return write()
        # The third is how a deadlock ends when a signal handler swallows its error.
        except (
            IntegrityError,
            OperationalError,
            TransactionManagementError,
            _Overtaken,
        ):
            if attempt == ATTEMPTS:
                raise
            pause = 0.05 * 2**attempt
            time.sleep(pause * (0.5 + random.random()))  # noqa: S311 - jitter


def _locked(submission: Submission) -> Submission:
    """The row, then its gallery; whoever needs the tree takes that last.

    PostgreSQL looks a row's foreign keys up when a transaction that wrote it twice
    commits, so the brief must not be held by somebody who waits for the gallery.
    """
    rows = Submission.objects.select_for_update(of=("self",)).select_related("page")
    row = rows.get(pk=submission.pk)
    gallery.lock(row.brief_key)
    return row


def _publish(submission: Submission, *, at: datetime) -> Any:
    # Pictures take time, so they are made before anything is locked.
    try:
        pictures.make_public(Submission.objects.get(pk=submission.pk))
    except SourceImageIOError as error:
        raise _Overtaken from error
    return _publish_page(submission, at=at)


@transaction.atomic
def _retract(submission: Submission) -> None:
    submission = _locked(submission)
    if submission.visible_from is not None:
        return
    page = submission.page
    if page is not None and (page.live or not page.has_unpublished_changes):
        page = page.specific
        page.live = True  # Wagtail unpublishes nothing else
        page.unpublish(log_action=True)


@transaction.atomic
def _take_pictures_down(submission: Submission) -> None:
    """Deleting files takes time, so neither gallery nor tree is locked."""
    rows = Submission.objects.select_for_update(of=("self",))
    submission = rows.get(pk=submission.pk)
    if submission.visible_from is None:
        pictures.take_down(submission)


@transaction.atomic
def _republish(submission: Submission) -> None:
    submission = _locked(submission)
    if not absent().filter(pk=submission.pk).exists():
        return  # hidden meanwhile, or the brief is gone again
    if submission.page is not None:
        _update_page(submission.page.specific, submission)


@transaction.atomic
def _publish_page(submission: Submission, *, at: datetime) -> Any:
    submission = _locked(submission)
    if not may_be_shown(submission, at=at):
        return None
    kept = [item["upload"] for item in submission.images]
    if submission.uploads.filter(pk__in=kept, image__isnull=True).exists():
        raise _Overtaken
    pictures.make_private(submission, keep=kept)
    first = submission.page_id is None
    if not first and submission.shown_revision_id == submission.live_revision_id:
        return submission.page
    if first:
        submission.page = _make_page(submission)
    else:
        page = submission.page.specific
        _forget_expiry(page, at=at)
        _update_page(page, submission)
    submission.shown_revision_id = submission.live_revision_id
    submission.save(update_fields=["page", "shown_revision"])
    gallery.show(submission, at=at)
    if first:  # Wagtail indexed the page before anything led from it to the idea
        index.insert_or_update_object(
            type(submission.page)._default_manager.get(pk=submission.page_id)
        )
    told_at = decisions.mail_due_at(submission, at=at)
    if told_at is not None:
        kind = "published" if first else "republished"
        outbox.queue(kind, submission=submission, due_at=told_at)
    _announce(submission, first=first)
    return submission.page


def _announce(submission: Submission, *, first: bool) -> None:
    announce = partial(
        signals.submission_published.send_robust,
        Submission,
        submission_id=submission.pk,
        first=first,
    )
    transaction.on_commit(announce)


@transaction.atomic
def _remove_pages(submission: Submission, *, treat_log: Callable[[Any], Any]) -> None:
    row = _locked(submission)
    if row.page is None:
        return
    tree = swapper.load_model("wagtailcore", "Page")
    same = Q(translation_key=row.page.translation_key) | Q(alias_of=row.page)
    for page in tree.objects.filter(same):
        entries = log_registry.get_logs_for_instance(page)
        page.specific.delete()
        treat_log(entries)


def _make_page(submission: Submission) -> SubmissionPageMixin:
    tree = swapper.load_model("wagtailcore", "Page")
    locked = tree.objects.select_for_update().get(pk=submission.brief_page_id)
    brief = locked.specific
    page = brief.submission_page_class()(
        title=submission.title,
        slug=slug_for(submission),
        locale=brief.locale,
        live=_may_be_live(submission),
    )
    brief.add_child(instance=page)
    page.save_revision(log_action=False, changed=False)
    return page


def _update_page(page: Any, submission: Submission) -> None:
    """Mirror the title and go live, without publishing an editor's unfinished note."""
    page.title = submission.title
    page.draft_title = submission.title
    was_live, page.live = page.live, _may_be_live(submission)
    page.save()
    _update_aliases(page)
    if page.has_unpublished_changes:
        return
    revision = page.save_revision(log_action=False, changed=False)
    if page.live and not was_live:
        revision.publish(log_action=True, skip_permission_checks=True)


def _may_be_live(submission: Submission) -> bool:
    """Whether its brief and its campaign are; else its page comes with them."""
    tree = swapper.load_model("wagtailcore", "Page")
    above = (submission.brief_page_id, submission.campaign_page_id)
    return not tree.objects.filter(pk__in=above, live=False).exists()


def _update_aliases(page: Any) -> None:
    """They say what the page says, and no alias is live while the page is not."""
    for alias in page.aliases.specific():
        alias.title = alias.draft_title = page.title
        alias.live = alias.live and page.live
        alias.save(clean=False)


def _forget_expiry(page: Any, *, at: datetime) -> None:
    """What comes back stays: Wagtail would unpublish it again in its next round."""
    if not page.live and page.expire_at and page.expire_at <= at:
        page.expire_at, page.expired = None, False


def slug_for(submission: Submission) -> str:
    """``<title>-<code>``: unique by the code, so nobody has to look for a free one."""
    title = slugify(submission.title)[:60].strip("-")
    return f"{title}-{submission.code}".strip("-").lower()
