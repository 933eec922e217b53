"""The announced campaign: a reason to take the boat in February."""

from __future__ import annotations

from example_site.showcase.records import AnswerField, BriefCopy, CampaignCopy, Picture

CONCEPT_BRIEF = BriefCopy(
    key="winter-concept",
    slug="a-reason-to-come-in-february",
    title="A reason to come in February",
    deliverable_kind="campaign_concept",
    challenge=(
        "Invent one thing that makes somebody who could stay at home take the boat in "
        "the emptiest month of the year, and tell us how they would hear of it."
    ),
    background=(
        "<p>In August 900 people a day travel with us, in February 60, most of whom "
        "are the postwoman. The ships sail anyway: the islands need bread, insulin and "
        "the children's teacher. What we have plenty of is room, weather, soup and "
        "dark skies.</p>"
        "<p>In the last three winters we tried half-price tickets (nobody noticed), a "
        "Valentine's cruise (fog) and a sea shanty night (splendid, eleven guests).</p>"
    ),
    audience=(
        "People within half a day's travel who like being outside when it is quiet. "
        "And islanders, who should not feel like scenery."
    ),
    tone="An invitation from a neighbour, not an offer from a company.",
    must_haves=(
        "Possible with the ships, the crew and the kettle we have",
        "Something left behind for the islands that host it",
        "A budget below €6,000, roughly broken down",
    ),
    no_gos=(
        "Discounts as the idea",
        "Fireworks and loud music; the terns are asleep",
        "Hashtags",
    ),
    resources=(
        "<p>Winter timetable: two departures a day, 09:15 and 15:40. Sixty bunks, one "
        "galley, one reading deck with forty shelves. The sun sets at 17:58 on the "
        "first of February.</p>"
    ),
    criteria=(
        "Pull: would you go yourself, in the rain?",
        "Fit: could only happen on a slow boat",
        "Feasibility: Tomé can organise it on Tuesdays",
        "Kindness: the islands are better off afterwards",
    ),
    max_per_contributor=2,
    max_images=3,
    max_summary_length=1200,
    fields=(
        AnswerField(
            key="first_day",
            kind="long_text",
            label="What happens on the first day?",
            help_text="Walk us through it, from the quay to the last cup of tea.",
            required=True,
        ),
        AnswerField(
            key="cost",
            kind="choice",
            label="What would it cost?",
            required=True,
            options=("Below €1,000", "€1,000 to €3,000", "€3,000 to €6,000"),
        ),
        AnswerField(
            key="example",
            kind="link",
            label="Have you seen something like it elsewhere?",
            help_text="A link helps us to understand, and to credit.",
        ),
    ),
)

WINTER = CampaignCopy(
    slug="the-winter-boat",
    title="The winter boat",
    brand_name="Ondalenta",
    summary=(
        "Sixty passengers a day, four thousand stars: help us find a reason to take "
        "the slow boat in February."
    ),
    story=(
        (
            "paragraph",
            "<p>Summer explains itself. Winter needs a friend who says: come, it will "
            "be good. We are looking for that friend's idea.</p>"
            "<p>It may be a thing that happens once or every Thursday, on board or on "
            "the islands, for six people or for sixty. What we choose, we do: this "
            "coming February, with the person who thought of it on board if they "
            "like.</p>",
        ),
        (
            "quote",
            {
                "quote": "Fog is only a view that takes patience.",
                "attribution": "Dona Graça, Noz, passenger since 1951",
            },
        ),
    ),
    prize="€2,000 for the chosen concept and a budget of up to €6,000 to make it real.",
    effort="Two or three evenings. Words are enough; pictures are welcome.",
    picks=1,
    picks_may_be_none=True,
    who_decides=(
        "Everybody who votes. The crew first checks what can be done; among those "
        "concepts the public vote decides."
    ),
    vote_role="binding",
    fallback=(
        "If the crew has not finished its check in time, the vote starts with all "
        "concepts, and we work out together how to do the one you chose."
    ),
    rights=(
        "You keep the rights to your concept. If it is chosen, we may carry it out for "
        "three winters, with your name on the poster."
    ),
    terms=(
        "The concept is your own, or you say what comes from others. We may show it "
        "here with your name or pen name. You can change or withdraw it until the call "
        "closes. We use your e-mail address for this call only."
    ),
    opens_in_days=26,
    closes_in_days=61,
    decision_due_in_days=89,
    cover=Picture(
        "cover",
        11,
        "The ferry on grey-green water below thin cloud, low islands behind it.",
        "February",
    ),
    briefs=(CONCEPT_BRIEF,),
)
