"""The closed campaign, being decided: a line and a look for the whole company."""

from __future__ import annotations

from example_site.showcase.records import AnswerField, BriefCopy, CampaignCopy, Picture

TAGLINE_BRIEF = BriefCopy(
    key="tagline",
    slug="say-it-in-a-line",
    title="Say it in a line",
    deliverable_kind="tagline",
    challenge=(
        "Say in one line why anybody should take the slow boat, without "
        "apologising for it."
    ),
    background=(
        "<p>Since 1962 our tickets have said <i>“Keep for inspection”</i>. It is the "
        "only slogan we ever had. We would like a second one, for tickets, timetables "
        "and the side of the bread van.</p>"
    ),
    audience="People holding a ticket, or deciding whether to buy one.",
    tone="Dry, kind, brief. It may smile; it may not wink.",
    must_haves=(
        "Seven words at most",
        "Works printed on a ticket and read out by the purser",
    ),
    no_gos=(
        "“Experience”, “journey” and “discover”",
        "Exclamation marks",
        "Making fun of fast boats by name",
    ),
    resources=(
        "<p>The line is set in one weight, usually next to a departure time. It should "
        "survive translation into Portuguese or be in Portuguese to begin with.</p>"
    ),
    criteria=(
        "Truth: is it so?",
        "Ear: does it sound good aloud?",
        "Memory: do you still know it tomorrow?",
    ),
    max_per_contributor=3,
    max_images=0,
    max_summary_length=400,
    fields=(
        AnswerField(
            key="place",
            kind="short_text",
            label="Where would you paint it first?",
            required=True,
        ),
    ),
)

VISUAL_BRIEF = BriefCopy(
    key="posters",
    slug="show-us-the-slow-line",
    title="Show us the slow line",
    deliverable_kind="visual_direction",
    challenge=(
        "Propose a visual direction for posters, timetables and tickets: colours, "
        "shapes and one composition that could hang on nine quays."
    ),
    background=(
        "<p>We print on fishmonger's paper, two or three inks at a time, in the "
        "workshop behind the ticket office. Posters hang in salt and sun and are "
        "replaced when they have faded, which we like to watch.</p>"
    ),
    audience="People who wait for a boat and have time to look.",
    tone="Calm from afar, funny or tender from near by.",
    must_haves=(
        "One upright composition without lettering",
        "Three to five flat inks",
        "A description of every picture for those who cannot see it",
    ),
    no_gos=("Photographs", "Compass roses", "Anything that needs glossy paper"),
    resources=(
        "<p>Poster size is 60 by 75 centimetres. The press cannot print edge to edge "
        "on Thursdays.</p>"
    ),
    criteria=(
        "Presence: does it hold a wall at twenty metres?",
        "System: could the next ten posters follow from it?",
        "Craft: would our press survive it?",
    ),
    max_per_contributor=2,
    max_images=4,
    min_images=1,
    fields=(
        AnswerField(
            key="three_words",
            kind="short_text",
            label="Three words for how it feels",
            required=True,
        ),
    ),
)

VOICE = CampaignCopy(
    slug="in-other-words",
    title="In other words",
    brand_name="Ondalenta",
    summary=(
        "A line and a look for a ferry company that has had neither since 1931; the "
        "jury is reading."
    ),
    story=(
        (
            "paragraph",
            "<p>For ninety years our design department was whoever held the brush. "
            "There is charm in that, and there are also eleven different blues. With "
            "the fourth ship coming, we asked for two things that belong together: one "
            "line of words and one way of looking.</p>"
            "<p>The call is closed. Everything that arrived is here to read and to "
            "compare while the jury makes up its mind.</p>",
        ),
        (
            "quote",
            {
                "quote": "Whatever you choose, I have to paint it in the wind.",
                "attribution": "Ilse Varga, sign painter",
            },
        ),
    ),
    prize="€1,000 for the line, €3,000 for the visual direction, paid within 30 days.",
    effort="An hour for a line, two evenings for a direction.",
    picks=1,
    picks_may_be_none=True,
    who_decides=(
        "Sign painter Ilse Varga, printer Anselmo Reis and purser Joana Leal, "
        "unanimously. If they cannot agree, they take the night boat until they do."
    ),
    vote_role="none",
    fallback=(
        "If there is no decision in time, every shortlisted contributor is paid €300 "
        "and we say publicly what we could not agree on."
    ),
    rights=(
        "What is chosen is licensed to Ondalenta for ten years, with credit on every "
        "poster. Everything else stays entirely yours."
    ),
    terms=(
        "The idea is your own, or you say what comes from others. We may show it here "
        "with your name or pen name. You can change or withdraw it until the call "
        "closes. We use your e-mail address for this call only."
    ),
    opens_in_days=-58,
    closes_in_days=-16,
    decision_due_in_days=12,
    cover=Picture(
        "cover",
        4,
        "The ferry on amber water at evening, brown islands under an orange sky.",
        "A line for the evening",
    ),
    briefs=(TAGLINE_BRIEF, VISUAL_BRIEF),
)
