"""The sealed campaign: six flags nobody sees before Friday, and then all of them."""

from __future__ import annotations

from example_site.showcase.records import (
    BriefCopy,
    CampaignCopy,
    Picture,
    SubmissionCopy,
)

FLAG_BRIEF = BriefCopy(
    key="flag",
    slug="a-flag-for-the-night-mail",
    title="A flag for the night mail",
    deliverable_kind="logo",
    challenge=(
        "Draw the flag our ships fly on the days they carry the post. It must be told "
        "from the quay in the rain, and sewn by somebody who cannot sew."
    ),
    background=(
        "<p>Three nights a week the ferry takes the islands' letters. On those nights "
        "she leaves late, and people on the quay want to know why. A flag tells "
        "them.</p>"
    ),
    audience="Children, postwomen, and whoever waits for a parcel.",
    tone="Plain, and a little proud.",
    must_haves=("Two colours, three at most", "Readable when it hangs limp"),
    no_gos=("Letters and numbers", "Envelopes; we have seen them all"),
    resources="<p>It is 120 by 120 centimetres, of wool.</p>",
    criteria=(
        "Told apart from the signal flags",
        "Sewn in one evening",
        "Drawn from memory by a child",
    ),
    max_per_contributor=2,
    max_images=1,
    min_images=1,
    max_summary_length=400,
)

FLAG = CampaignCopy(
    slug="the-night-mail",
    title="The night mail",
    brand_name="Ondalenta",
    summary=(
        "A flag for the nights on which the ferry carries the post. Nobody sees "
        "anybody's, until everybody sees all."
    ),
    story=(
        (
            "paragraph",
            "<p>When the first good idea is on the wall, the next ten look like it. So "
            "this call is sealed: not even we look before it has closed, and then only "
            "to keep out what breaks the rules. All flags are raised at once.</p>"
            "<p>Whoever sent one has a receipt, and everybody can check that nothing "
            "was changed or added.</p>",
        ),
    ),
    prize="€900, and the flag flies from the first of the month.",
    effort="An evening.",
    picks=1,
    picks_may_be_none=False,
    who_decides="The crew of the night boat, by show of hands, on deck.",
    vote_role="none",
    fallback="The postwoman chooses.",
    rights=(
        "The chosen flag may be sewn, painted and printed by us for ever. All others "
        "stay yours."
    ),
    terms=(
        "The flag is your own. We may show it here with your name or pen name after "
        "the reveal. You can change or withdraw it until the call closes."
    ),
    opens_in_days=-12,
    closes_in_days=-1,
    decision_due_in_days=21,
    reveals_in_days=2,
    visibility_mode="sealed",
    cover=Picture(
        "cover",
        5,
        "The ferry at night, her lights on black water.",
        "The night boat",
    ),
    briefs=(FLAG_BRIEF,),
)


def _flag(
    title: str,
    summary: str,
    credit: str,
    sent_in_days: float,
    seed: int,
    alt: str,
    moderation: str = "approved",
) -> SubmissionCopy:
    name = credit.lower().replace(" ", ".")
    return SubmissionCopy(
        "flag",
        title,
        summary,
        credit,
        f"{name}@example.org",
        sent_in_days,
        pictures=(Picture("logo_mark", seed, alt),),
        moderation=moderation,
    )


FLAGS: tuple[SubmissionCopy, ...] = (
    _flag(
        "Round and back",
        "A ring, and a wave that goes through it: out with the letters, home with the "
        "answers.",
        "Maren Quill",
        -9.2,
        40,
        "A white ring on red; a dark wavy band passes through it from left to right.",
    ),
    _flag(
        "Coiled rope",
        "The rope is cast off, the lamp is lit. One line, drawn without lifting.",
        "Otto Halyard",
        -8.1,
        41,
        "A teal spiral that runs out into a straight line; a yellow dot above it.",
    ),
    _flag(
        "Half here, half there",
        "Two halves that change places in the middle, like the post.",
        "Studio Low Tide",
        -6.5,
        42,
        "A square halved from corner to corner in pink and red on navy, with a circle "
        "in the middle whose halves are swapped.",
    ),
    _flag(
        "The first gull",
        "She is always there before the boat, and wants to know what is in the bag.",
        "Pia Northcott",
        -5.7,
        43,
        "A pale gull crosses a plum disc on pink; a small red sun above it.",
    ),
    _flag(
        "Hear it land",
        "Rings from a dropped parcel. On a limp flag the corner still shows.",
        "Juno Reed",
        -3.3,
        44,
        "Three dark quarter rings around a white corner on yellow.",
    ),
    _flag(
        "Mail fish",
        "Every island child has drawn it already. Now it has a stamp's edge.",
        "Tilda Moor",
        -1.6,
        45,
        "A dark blue fish on light blue, with a white wavy line along its belly.",
        moderation="pending",
    ),
)
