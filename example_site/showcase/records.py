"""The shapes of the demo's words: plain, frozen data without a database."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Picture:
    """One drawable picture; ``kind`` and ``seed`` go to ``artwork.draw``."""

    kind: str
    seed: int
    alt: str
    title: str = ""


@dataclass(frozen=True)
class AnswerField:
    """A field an editor adds to a brief; ``kind``: short_text, long_text, choice, link.

    ``key`` is how ``SubmissionCopy.answers`` refers to it.
    """

    key: str
    kind: str
    label: str
    help_text: str = ""
    required: bool = False
    options: tuple[str, ...] = ()
    visibility: str = "public"


@dataclass(frozen=True)
class BriefCopy:
    """One brief; ``key`` is how ``SubmissionCopy.brief`` refers to it.

    ``background`` and ``resources`` are rich text; tuples are one entry a line.
    """

    key: str
    slug: str
    title: str
    deliverable_kind: str
    challenge: str
    background: str
    audience: str
    tone: str
    must_haves: tuple[str, ...]
    no_gos: tuple[str, ...]
    resources: str
    criteria: tuple[str, ...]
    max_per_contributor: int
    max_images: int
    min_images: int = 0
    max_summary_length: int = 600
    fields: tuple[AnswerField, ...] = ()

    def answer_id(self, key: str) -> str:
        """Return the stable block id of the answer field called ``key``."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"ondalenta/{self.key}/{key}"))

    def answer_fields_json(self) -> str:
        """Return the answer fields as a StreamField stores them."""
        blocks = []
        for entry in self.fields:
            value: dict[str, Any] = {
                "label": entry.label,
                "help_text": entry.help_text,
                "required": entry.required,
                "visibility": entry.visibility,
                "personal": False,
            }
            if entry.kind == "choice":
                value["options"] = list(entry.options)
            block = {
                "type": entry.kind,
                "value": value,
                "id": self.answer_id(entry.key),
            }
            blocks.append(block)
        return json.dumps(blocks)


@dataclass(frozen=True)
class CampaignCopy:
    """One campaign; days are relative to now, negative ones lie in the past.

    ``story`` holds StreamField pairs of block type and value. ``vote_role`` is none,
    advisory or binding; ``picks`` counts per brief.
    """

    slug: str
    title: str
    brand_name: str
    summary: str
    story: tuple[tuple[str, Any], ...]
    prize: str
    effort: str
    picks: int
    picks_may_be_none: bool
    who_decides: str
    vote_role: str
    fallback: str
    rights: str
    terms: str
    opens_in_days: int
    closes_in_days: int
    decision_due_in_days: int
    cover: Picture
    briefs: tuple[BriefCopy, ...]
    checklist: str = ""
    visibility_mode: str = "open"
    reveals_in_days: int | None = None


@dataclass(frozen=True)
class SubmissionCopy:
    """One submission; ``sent_in_days`` is relative to now and always negative.

    ``moderation`` is a value of the moderation axis, or ``withdrawn``. ``reason`` is
    what the contributor reads when the submission is not shown, ``decided_by`` a
    login of the demo. ``answers`` uses field keys.
    """

    brief: str
    title: str
    summary: str
    credit: str
    email: str
    sent_in_days: float
    pictures: tuple[Picture, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    moderation: str = "approved"
    reason: str = ""
    reason_code: str = ""
    decided_by: str = "moderator"
