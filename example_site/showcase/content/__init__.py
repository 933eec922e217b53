"""The words of the demo: one index, four campaigns, six briefs, seventy-six ideas."""

from __future__ import annotations

from example_site.showcase.content.flag import FLAG, FLAGS
from example_site.showcase.content.marks import MARKS
from example_site.showcase.content.names import NAMES
from example_site.showcase.content.ship import SHIP
from example_site.showcase.content.taglines import TAGLINES
from example_site.showcase.content.visuals import VISUALS
from example_site.showcase.content.voice import VOICE
from example_site.showcase.content.waiting import WAITING
from example_site.showcase.content.winter import WINTER
from example_site.showcase.records import BriefCopy, CampaignCopy, SubmissionCopy

INDEX_SLUG = "open-calls"
INDEX_TITLE = "Open calls"
INDEX_INTRODUCTION = (
    "Questions we would rather answer with you. Each call says what we look for, until "
    "when, who decides, and what happens to your idea afterwards."
)

CAMPAIGNS: tuple[CampaignCopy, ...] = (SHIP, FLAG, WINTER, VOICE)
BRIEFS: dict[str, BriefCopy] = {
    brief.key: brief for campaign in CAMPAIGNS for brief in campaign.briefs
}
SUBMISSIONS: tuple[SubmissionCopy, ...] = (
    *NAMES,
    *MARKS,
    *TAGLINES,
    *VISUALS,
    *WAITING,
    *FLAGS,
)
