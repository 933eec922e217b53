"""What people may ask of us: a copy of all we hold about them, and to be forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import PurePath
from typing import IO, Any, NamedTuple
from zipfile import ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import QuerySet
from wagtail.log_actions import log
from wagtail.log_actions import registry as logs

from wagtail_crowdbrand import signals
from wagtail_crowdbrand.domain import (
    gallery,
    moderating,
    pictures,
    publishing,
    receipts,
)
from wagtail_crowdbrand.models import (
    Contributor,
    Removal,
    Submission,
    SubmissionPersonal,
    Upload,
)
from wagtail_crowdbrand.models.submission import new_nonce
from wagtail_crowdbrand.states import Lifecycle

#: Columns that say nothing about anybody; ``nonce`` opens private links.
INTERNAL = {
    "brief_key",
    "expired",
    "has_unpublished_changes",
    "id",
    "name_key",
    "nonce",
    "settles_at",
    "title_key",
}
#: What erasing empties beside the revisioned content.
EMPTIED = (*Submission.REVISIONED_FIELDS, "reason", "suspicion")


class Reach(NamedTuple):
    """Whose data a request is about; ``contributor`` ``None``: this submission only.

    ``unconfirmed`` carry the contributor's address, but whoever typed it never
    confirmed it: they are erased, and not shown.
    """

    contributor: Contributor | None
    submissions: list[Submission]
    unconfirmed: list[Submission]


def reach_of(submission: Submission, *, user: Any = None) -> Reach:
    """What somebody who may open ``submission`` may copy and erase with it.

    Everything, in all campaigns, for a guest: private links of confirmed submissions
    went to the address that was confirmed, and who has one has shown it is theirs.
    The address of an *account* was never confirmed, so its links prove nothing; there,
    everything is for the account itself (``user``, signed in). In all other cases, and
    for whatever is not confirmed, it is this one submission.
    """
    contributor = submission.contributor if submission.confirmed_at else None
    if contributor and contributor.user_id:
        signed_in = user is not None and user.pk == contributor.user_id
        contributor = contributor if signed_in else None
    if contributor is None:
        return Reach(None, [submission], [])
    rows = Submission.objects.select_related("personal")
    mine = rows.filter(contributor=contributor).order_by("created_at", "pk")
    unconfirmed: QuerySet[Submission] = rows.none()
    if contributor.user_id is None:
        unconfirmed = rows.filter(
            contributor=None, personal__email__iexact=contributor.email
        )
    return Reach(contributor, list(mine), list(unconfirmed))


# A copy: GDPR, Articles 15 and 20


def write_archive(
    file: IO[bytes], submission: Submission, *, user: Any = None, at: datetime
) -> None:
    """Write a ZIP with ``data.json`` and the pictures on ``file``, a binary file.

    See :func:`reach_of` for whose. The JSON names columns as the models do.
    """
    reach = reach_of(submission, user=user)
    with ZipFile(file, "w") as archive:
        data = {
            "made_at": at,
            "contributor": reach.contributor and _contributor(reach.contributor),
            "submissions": [_describe(row, archive) for row in reach.submissions],
            "unconfirmed_with_your_address": [
                {"code": row.code, "created_at": row.created_at}
                for row in reach.unconfirmed
            ],
        }
        text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("data.json", text)


def _columns(row: models.Model) -> dict[str, Any]:
    """Every column with a value of its own, so that none is forgotten."""
    return {
        field.name: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if not field.is_relation and field.name not in INTERNAL
    }


def _contributor(contributor: Contributor) -> dict[str, Any]:
    account = contributor.user.get_username() if contributor.user else None
    return _columns(contributor) | {"account": account}


def _describe(row: Submission, archive: ZipFile) -> dict[str, Any]:
    terms = row.terms
    return _columns(row) | {
        "status": str(row.contributor_status.label),
        "brief": row.brief_page.title,
        "campaign": row.campaign_page.title,
        "page": row.page.full_url if row.page else None,
        "personal": _columns(row.personal),
        "terms": terms and _columns(terms),
        "decisions": [_columns(decision) for decision in row.decisions.order_by("pk")],
        "appeals": [_columns(appeal) for appeal in row.appeals.order_by("pk")],
        "versions": [
            {"created_at": created_at, "content": content}
            for created_at, content in row.revisions.order_by(
                "created_at", "pk"
            ).values_list("created_at", "content")
        ],
        "pictures": [
            _columns(upload)
            | {"id": upload.pk, "file": _add_picture(archive, row, upload)}
            for upload in row.uploads.order_by("created_at", "pk")
        ],
        "history": [
            {"action": entry.action, "at": entry.timestamp, "data": entry.data}
            for entry in logs.get_logs_for_instance(row).order_by("timestamp", "pk")
        ],
        "receipts": [_columns(receipt) for receipt in row.receipts.order_by("pk")],
        "messages": [_columns(mail) for mail in row.messages.order_by("created_at")],
    }


def _add_picture(archive: ZipFile, row: Submission, upload: Upload) -> str | None:
    name = f"pictures/{row.code}/{PurePath(str(upload.file.name)).name}"
    try:
        with upload.file.open("rb") as source:
            archive.writestr(name, source.read())
    except FileNotFoundError:
        return None
    return name


# Erasure: GDPR, Article 17


def erase(submission: Submission, *, user: Any = None, at: datetime) -> int:
    """Forget a contributor with all submissions, or this one: see :func:`reach_of`.

    At any time, whatever the phase. What counted stays as a skeleton (code, dates and
    decision), so that no statistics change; what was never confirmed goes altogether.
    Nobody is mailed. Nothing is visible once this has committed; page and files leave
    after the commit (:func:`finish`). Returns how many submissions were erased.
    """
    return _erase(reach_of(submission, user=user), at=at)


def erase_alone(submission: Submission, *, at: datetime) -> int:
    """The same for this one only, whoever sent it: the time to keep it is over."""
    return _erase(Reach(None, [submission], []), at=at)


@transaction.atomic
def _erase(reach: Reach, *, at: datetime) -> int:
    rows = _locked(reach)
    # Whoever takes the counters of several briefs takes them in this order.
    for row in sorted(rows, key=lambda row: (str(row.brief_key), row.pk)):
        _forget(row, at=at)
    for pk in {row.contributor_id for row in rows if row.contributor_id}:
        if not Submission.objects.filter(contributor=pk).exists():
            Contributor.objects.filter(pk=pk).delete()
    return len(rows)


def _locked(reach: Reach) -> list[Submission]:
    """Rows, then the contributor, as confirming does; then what came meanwhile."""
    known = [row.pk for row in (*reach.submissions, *reach.unconfirmed)]
    all_rows = Submission.objects.select_for_update(of=("self",)).order_by("pk")
    rows = list(all_rows.filter(pk__in=known))
    if reach.contributor:
        mine = {"pk": reach.contributor.pk}
        Contributor.objects.select_for_update().filter(**mine).first()
        late = all_rows.filter(contributor=reach.contributor.pk)
        rows += late.exclude(pk__in=known)
    return [row for row in rows if row.erased_at is None]


def _forget(locked: Submission, *, at: datetime) -> None:
    """Leave the skeleton of a locked row; ``locked`` itself keeps its contributor."""
    row = Submission.objects.get(pk=locked.pk)
    account = row.contributor.user_id if row.contributor else None
    moderating.cancel_workflow(row)
    gallery.unshow(row)
    blank = Submission()
    for name in EMPTIED:
        setattr(row, name, getattr(blank, name))
    row.contributor = None
    row.live = row.has_unpublished_changes = False
    row.latest_revision = row.live_revision = row.shown_revision = None
    row.lifecycle = Lifecycle.WITHDRAWN
    row.withdrawn_at = row.withdrawn_at or at
    row.erased_at = at
    row.nonce = new_nonce()
    row.save()
    row.revisions.delete()  # and with them the steps of its reviews
    row.messages.all().delete()
    row.decisions.update(text="", before={})
    receipts.forget(row)
    row.appeals.update(text="", answer="")
    row.notices.update(text="", answer="")
    # A new row, so that a column nobody thought of is empty, too.
    SubmissionPersonal.objects.filter(submission=row).delete()
    SubmissionPersonal.objects.create(submission=row)
    entries = logs.get_logs_for_instance(row)
    if account:
        entries.filter(user=account).update(user=None)
    publishing.strip_log(entries, label=row.code)
    log(row, "wagtail_crowdbrand.erase")
    announce = partial(
        signals.submission_erased.send_robust, Submission, submission_id=row.pk
    )
    transaction.on_commit(announce)


def finish(submission: Submission) -> None:
    """Take page and files of an erased submission away. Safe to repeat.

    Each file goes before its row, so that a process killed in between leaves a row
    that says what is still to be done. Where the whole campaign goes, so does what the
    log says of them, and the row is left to whoever counts it.
    """
    row = Submission.objects.get(pk=submission.pk)
    if row.erased_at is None:
        return
    goes = goes_with_campaign(row.pk)
    treat = QuerySet.delete if goes else partial(publishing.strip_log, label=row.code)
    publishing.remove(row, treat_log=treat)
    for upload in row.uploads.select_related("image"):
        if upload.image:
            _delete_image(upload.image, treat_log=treat)
        upload.file.storage.delete(str(upload.file.name))
        upload.delete()
    if row.confirmed_at is None and not goes:
        row.delete()


def goes_with_campaign(submission_id: int) -> bool:
    """Whether its campaign is being removed, and no skeleton stays."""
    campaign = Submission.objects.filter(pk=submission_id).values("campaign_page")
    return Removal.objects.filter(campaign_id__in=campaign).exists()


def _delete_image(image: Any, *, treat_log: Callable[[Any], Any]) -> None:
    treat_log(logs.get_logs_for_instance(image))
    pictures.delete_files(image)
    image.delete()
