"""The shapes of what goes out and comes in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Path, Schema
from pydantic import ConfigDict

from wagtail_crowdbrand.states import (
    ContributorStatus,
    DeliverableKind,
    FieldVisibility,
    Hold,
    Phase,
    VisibilityMode,
    VoteRole,
)

#: No database counts further.
PageId = Annotated[int, Path(ge=1, le=2**63 - 1)]
PreviewToken = Annotated[str, Path(max_length=100)]
#: What people can see, as :func:`.taking.require_plain` wants it: said to clients.
PLAIN: dict[str, Any] = {
    "pattern": (r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$")
}
Code = Annotated[str, Path(max_length=20, description="Such as ``K7Q4-2M9P``.")]


class Rendition(Schema):
    """One size of a picture; ``format`` is a MIME type."""

    url: str
    width: int
    height: int
    format: str


class Picture(Schema):
    """A picture in several sizes, the smallest first."""

    alt: str
    renditions: list[Rendition]


class Verdict(Schema):
    """Whether something is allowed now, and if not, the code and words of why not."""

    allowed: bool
    code: str = ""
    detail: str = ""


class BriefItem(Schema):
    id: int
    title: str
    url: str | None
    deliverable_kind: DeliverableKind
    challenge: str
    submission_count: int = Field(description="How many are on show.")


class CampaignItem(Schema):
    id: int
    title: str
    url: str | None
    brand_name: str
    summary: str
    phase: Phase
    hold: Hold
    hold_note: str
    opens_at: datetime | None
    closes_at: datetime | None
    deadline: datetime | None = Field(
        description="Closing and grace: the last instant at which ideas are taken."
    )
    visibility_mode: VisibilityMode = Field(
        description="“sealed”: nothing is shown before the reveal, then everything."
    )
    reveals_at: datetime | None = Field(description="The promise; null when open.")
    revealed_at: datetime | None = Field(description="The fact; null: not yet.")
    decision_due_at: datetime | None
    time_zone: str
    cover: Picture | None


class Contract(Schema):
    """What a contributor agrees to, and the number of this version."""

    number: int
    prize: str
    effort: str
    picks: int | None
    picks_may_be_none: bool
    who_decides: str
    vote_role: VoteRole
    decision_due_at: datetime | None
    fallback: str
    rights: str
    terms: str


class Campaign(CampaignItem):
    story: list[Any] = Field(description="Blocks, as in Wagtail's own API.")
    contract: Contract
    submit: Verdict
    briefs: list[BriefItem]


class BriefField(Schema):
    """A question of the form, by the id under which its answer is sent."""

    id: str
    kind: str
    label: str
    help_text: str
    required: bool
    visibility: FieldVisibility
    personal: bool


class Option(Schema):
    value: str
    label: str


class Filter(Schema):
    """What a gallery can be narrowed by: ``filter=<name>:<value>``, repeatedly."""

    name: str
    label: str
    options: list[Option]


class Brief(BriefItem):
    campaign_id: int
    background: str = Field(description="Rich text, as in Wagtail's own API.")
    audience: str
    tone: str
    must_haves: list[str]
    no_gos: list[str]
    resources: str = Field(description="Rich text, as in Wagtail's own API.")
    criteria: list[str]
    max_per_contributor: int
    min_images: int
    max_images: int
    max_summary_length: int
    fields: list[BriefField]
    filters: list[Filter]
    submission_schema: dict[str, Any] = Field(
        description="JSON Schema (2020-12) of the body that creates a submission."
    )
    submit: Verdict


class SubmissionItem(Schema):
    code: str
    title: str
    summary: str
    url: str | None
    credit: str
    co_authors: str
    pictures: list[Picture]
    visible_from: datetime


class PublicAnswer(Schema):
    field: str
    label: str
    value: str


class Submission(SubmissionItem):
    brief_id: int
    link: str
    answers: list[PublicAnswer]


class CampaignList(Schema):
    count: int
    items: list[CampaignItem]


class LedgerLine(Schema):
    """What happened. ``digest`` is SHA-256 over all the rest in its canonical form."""

    campaign: int
    number: int
    at: str = Field(description="In UTC, with microseconds.")
    kind: str
    facts: dict[str, Any]
    previous: str = Field(description="The digest of the line before.")
    digest: str


class Ledger(Schema):
    """Lines, the oldest first. ``next`` is the number to ask for those ``after``."""

    digest: str = Field(description="Of the last line of all; stands for all lines.")
    items: list[LedgerLine]
    next: int | None


class SubmissionList(Schema):
    """One page. ``next`` is the cursor of the next one, null at the end."""

    count: int
    more: bool = Field(description="There are others, beyond what is counted.")
    items: list[SubmissionItem]
    next: str | None


class Comparison(Schema):
    """In the order asked for; what is not on show is left out."""

    count: int
    items: list[Submission]


class Preview(Schema):
    """What an editor has not published yet."""

    kind: Literal["campaign", "brief", "submission"]
    campaign: Campaign | None = None
    brief: Brief | None = None
    submission: Submission | None = None
    curators_note: str = Field(default="", description="Of a submission's page.")


# What comes in


class Incoming(Schema):
    """What nobody here knows is refused: a misspelt name must not lose an answer."""

    model_config = ConfigDict(extra="forbid")


class ImageRef(Incoming):
    """A picture sent before, and its text for people who do not see it."""

    upload: UUID
    alt: str = Field(max_length=300)


class Content(Incoming):
    """The idea itself."""

    title: str = Field(min_length=1, max_length=1000)
    summary: str = Field(min_length=1, max_length=20_000)
    link: str = Field(default="", max_length=2000)
    third_party: str = Field(default="", max_length=20_000)
    answers: dict[str, str | list[str]] = Field(
        default_factory=dict, description="Id of the field → answer."
    )
    images: list[ImageRef] = Field(default_factory=list, max_length=100)
    credit_name: str = Field(default="", max_length=1000)
    co_authors: str = Field(default="", max_length=1000)


class NewSubmission(Content):
    email: str = Field(
        default="",
        max_length=320,
        description="Needed unless a signed-in account sends it. Never shown.",
    )
    language: str = Field(default="", max_length=20)
    terms_number: int = Field(
        ge=0,
        le=2**31 - 1,
        description="The version of the contract that was shown and accepted.",
    )
    claim: str = Field(
        default="", max_length=100, description="From the first upload, if any."
    )


class SentUpload(Schema):
    """``claim`` is secret: it lets you add more, and send the idea they belong to.

    It is ``<code>.<token>`` of the draft; the token opens its pictures.
    """

    id: UUID
    claim: str
    width: int
    height: int


class Sent(Schema):
    """``token`` is the private key of this submission; null for a repeated request
    after it was confirmed."""

    code: str
    token: str | None
    status: ContributorStatus


class OwnAnswer(Schema):
    field: str
    label: str
    visibility: FieldVisibility
    value: str


class OwnImage(Schema):
    upload: UUID
    alt: str
    width: int
    height: int


class OwnSubmission(Schema):
    """What its contributor may know of it."""

    code: str
    brief_id: int
    status: ContributorStatus
    status_label: str
    reason: str = Field(description="The statement of reasons, where there is one.")
    rule: str
    url: str | None = Field(description="Its page, while it is on show.")
    submitted_at: datetime | None
    confirmed_at: datetime | None
    is_late: bool
    title: str
    summary: str
    link: str
    third_party: str
    answers: list[OwnAnswer]
    images: list[OwnImage]
    credit_name: str
    co_authors: str
    can_edit: Verdict
    can_withdraw: Verdict
    can_appeal: bool


class Confirmation(Incoming):
    token: str = Field(max_length=100, description="From the mail.")


class NoticeReason(Schema):
    code: str
    label: str


class NoticeReasons(Schema):
    count: int
    items: list[NoticeReason]


class NewNotice(Incoming):
    reason: str = Field(max_length=50, description="Code of a notice reason.")
    text: str = Field(
        min_length=1,
        max_length=3000,
        description="Explains it to somebody who does not know.",
        json_schema_extra=PLAIN,
    )
    name: str = Field(default="", max_length=120, json_schema_extra=PLAIN)
    email: str = Field(default="", max_length=254)
    good_faith: Literal[True] = Field(
        description="What I say is accurate and complete, to my knowledge."
    )


class NewAppeal(Incoming):
    text: str = Field(min_length=1, max_length=4000, json_schema_extra=PLAIN)


class DraftContent(Incoming):
    """An idea that is being written: whatever there is of it, right or wrong."""

    title: str = Field(default="", max_length=1000)
    summary: str = Field(default="", max_length=20_000)
    link: str = Field(default="", max_length=2000)
    third_party: str = Field(default="", max_length=20_000)
    answers: dict[str, str | list[str]] = Field(
        default_factory=dict, description="Id of the field → answer."
    )
    images: list[ImageRef] = Field(default_factory=list, max_length=100)
    credit_name: str = Field(default="", max_length=1000)
    co_authors: str = Field(default="", max_length=1000)


class Accepted(Schema):
    """It is done, or on its way; there is nothing to tell but that."""

    accepted: Literal[True] = True


class ResumeRequest(Incoming):
    claim: str = Field(
        default="", max_length=100, description="Without one a draft begins here."
    )
    email: str = Field(max_length=254)
    content: DraftContent | None = Field(
        default=None, description="Kept with the draft, instead of what it held."
    )


class Resumable(Accepted):
    """The link is on its way; ``claim`` is the key of the draft it opens."""

    claim: str


class Reach(Schema):
    """Whose data a token is about."""

    everything: bool = Field(
        description="All you sent, in all campaigns; otherwise this one submission."
    )
    submissions: int
    on_show: int = Field(description="So many disappear from the site when erased.")
    unconfirmed: int = Field(
        description="Begun with your address by whoever typed it; erased, not shown."
    )
    remaining: int = Field(
        description="Of so many a code, dates and the decision remain, which lead to "
        "nobody."
    )


class Erasure(Incoming):
    understood: Literal[True] = Field(description="I know it cannot be undone.")


class Erased(Schema):
    erased: int = Field(description="How many submissions.")
