"""Records: page mixins for the tree, and rows for everything the public sends."""

from wagtail_crowdbrand.models.brief import BriefMixin
from wagtail_crowdbrand.models.campaign import CampaignIndexMixin, CampaignMixin
from wagtail_crowdbrand.models.contributor import Contributor, SubmissionPersonal
from wagtail_crowdbrand.models.decision import Appeal, Decision
from wagtail_crowdbrand.models.desk import Batch, BatchItem, Claim
from wagtail_crowdbrand.models.gallery import BriefCounter, GalleryFacet, GalleryPlace
from wagtail_crowdbrand.models.ledger import (
    LedgerEntry,
    LedgerHead,
    Mailing,
    PublicState,
)
from wagtail_crowdbrand.models.message import Message
from wagtail_crowdbrand.models.moderation import ModerationTask
from wagtail_crowdbrand.models.notice import Notice
from wagtail_crowdbrand.models.reason import ModerationReason, ReasonWording
from wagtail_crowdbrand.models.receipt import SealList, SealReceipt
from wagtail_crowdbrand.models.removal import Removal
from wagtail_crowdbrand.models.seal import PreparedPicture, SealBreak
from wagtail_crowdbrand.models.sentonce import SentOnce
from wagtail_crowdbrand.models.submission import Submission
from wagtail_crowdbrand.models.submission_page import SubmissionPageMixin
from wagtail_crowdbrand.models.terms import TermsVersion
from wagtail_crowdbrand.models.upload import Upload

__all__ = [
    "Appeal",
    "Batch",
    "BatchItem",
    "BriefCounter",
    "BriefMixin",
    "CampaignIndexMixin",
    "CampaignMixin",
    "Claim",
    "Contributor",
    "Decision",
    "GalleryFacet",
    "GalleryPlace",
    "LedgerEntry",
    "LedgerHead",
    "Mailing",
    "Message",
    "ModerationReason",
    "ModerationTask",
    "Notice",
    "PublicState",
    "ReasonWording",
    "Removal",
    "SealList",
    "SealReceipt",
    "PreparedPicture",
    "SealBreak",
    "SentOnce",
    "Submission",
    "SubmissionPageMixin",
    "SubmissionPersonal",
    "TermsVersion",
    "Upload",
]
