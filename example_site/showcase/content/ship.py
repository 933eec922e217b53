"""The open campaign: a name and a funnel mark for the fourth ship."""

from __future__ import annotations

from example_site.showcase.records import AnswerField, BriefCopy, CampaignCopy, Picture

NAME_BRIEF = BriefCopy(
    key="ship-name",
    slug="name-the-ship",
    title="Name the ship",
    deliverable_kind="name",
    challenge=(
        "Give the fourth ship of the line a name that can be called across a harbour, "
        "painted on a bow and said to a child at bedtime."
    ),
    background=(
        "<p>Her elder sisters are <b>Paciência</b> (patience), <b>Devagar</b> (slowly) "
        "and <b>Tia Lurdes</b> (who ran the canteen). She is electric, 38 metres long "
        "and will sail the night crossing to Ouva, very quietly.</p>"
        "<p>On the islands, people are said to be “on” a ship the way others are at a "
        "party. Try your name in that sentence: <i>we met on the …</i></p>"
    ),
    audience=(
        "4,100 islanders who will say it several times a day for forty years, and "
        "visitors who will misspell it on postcards."
    ),
    tone="Warm, dry, unhurried. A name that has been there before.",
    must_haves=(
        "One to three words, short enough for 5.10 metres of bow",
        "Pronounceable over the noise of an engine, or the lack of one",
        "One sentence on where it comes from",
    ),
    no_gos=(
        "Names of living people",
        "Numbers, model names and anything with a hyphen",
        "Puns that only work in writing",
    ),
    resources=(
        "<p>All names our ships have had since 1931: <b>Graça</b>, <b>Boa Hora</b>, "
        "<b>Graça II</b>, <b>Teimosa</b>, <b>Paciência</b>, <b>Devagar</b>, "
        "<b>Tia Lurdes</b>. None of them may be used again.</p>"
    ),
    criteria=(
        "Sound: can you call it twice and still like it?",
        "Belonging: would her sisters accept her?",
        "Story: is there something to tell a passenger who asks?",
    ),
    max_per_contributor=3,
    max_images=0,
    max_summary_length=500,
    fields=(
        AnswerField(
            key="origin",
            kind="choice",
            label="What kind of name is it?",
            help_text="So that we can read similar names next to each other.",
            required=True,
            options=("A word", "A person", "An animal", "A place", "Something else"),
        ),
        AnswerField(
            key="say",
            kind="short_text",
            label="How do you say it?",
            help_text="Write it the way it sounds, for example “va-ga-RO-za”.",
        ),
    ),
)

MARK_BRIEF = BriefCopy(
    key="funnel-mark",
    slug="draw-her-funnel-mark",
    title="Draw her funnel mark",
    deliverable_kind="logo",
    challenge=(
        "Draw a sign for the funnel that a child can scratch into sand and a captain "
        "can recognise at two miles."
    ),
    background=(
        "<p>She has no smoke to let out, so her funnel is a lantern: a white screen, "
        "lit from inside at night. The mark is cut out of steel in front of it. By day "
        "it is a dark shape on white, by night the other way round.</p>"
    ),
    audience="People on nine quays who look up and think: that is our boat.",
    tone="Plain as a road sign, friendly as a biscuit.",
    must_haves=(
        "Works in one colour, both ways round",
        "No lettering; the name has its own place on the bow",
        "At least one picture, square, with a description of what it shows",
    ),
    no_gos=(
        "Anchors, ropes and steering wheels",
        "Gradients and lines thinner than a finger",
        "Flags of countries",
    ),
    resources=(
        "<p>The funnel measures 2.40 by 2.40 metres. House colours are petrol ink "
        "<b>#0F2B33</b>, sea fog <b>#F1F4F2</b>, buoy red <b>#C13A17</b> and lichen "
        "yellow <b>#F2C230</b>. Others are welcome.</p>"
    ),
    criteria=(
        "Recognition: two miles, drizzle, no glasses",
        "Economy: nothing left to take away",
        "Character: could only be this ship",
    ),
    max_per_contributor=2,
    max_images=3,
    min_images=1,
    fields=(
        AnswerField(
            key="drawn",
            kind="choice",
            label="How did you draw it?",
            required=True,
            options=("By hand", "On a screen", "Both"),
        ),
        AnswerField(
            key="night",
            kind="long_text",
            label="What happens to it at night?",
            help_text="One or two sentences on how it looks when lit from behind.",
        ),
        AnswerField(
            key="sketches",
            kind="link",
            label="Sketches, if you like to show them",
            visibility="jury",
        ),
    ),
)

SHIP = CampaignCopy(
    slug="a-ship-without-a-name",
    title="A ship without a name",
    brand_name="Ondalenta",
    summary=(
        "Our fourth ship is electric, nearly finished and nameless: give her a name "
        "for the bow and a mark for the funnel."
    ),
    story=(
        (
            "paragraph",
            "<p>On the slip in Tarrel lies a ship of thirty-eight metres, painted "
            "petrol green and called “number four” by everybody who works on her. She "
            "will take over the night crossing to Ouva next spring: seven hours, no "
            "engine noise, bunks for sixty and a kettle on every deck.</p>"
            "<p>Ships of this line are named by the people who use them. In 1999 it "
            "was the schoolchildren; they chose the woman who cooked their lunch. This "
            "time we want to ask further than nine islands reach.</p>",
        ),
        (
            "quote",
            {
                "quote": "A good name is one you can shout without feeling silly.",
                "attribution": "Celeste Amaro, captain of the Devagar",
            },
        ),
        ("heading", "What happens to your idea"),
        (
            "paragraph",
            "<p>Every idea that keeps to the rules is shown in the gallery, in a "
            "different order for every visitor. You get a code and a private link, and "
            "you hear from us whatever we decide. On the day of the decision we "
            "publish what was chosen and why, and what nearly was.</p>",
        ),
    ),
    prize=(
        "€1,500 for the name and €2,500 for the mark. Both winners sail free for life, "
        "with one person they like."
    ),
    effort="A walk for a name, an evening or two for a mark.",
    picks=1,
    picks_may_be_none=False,
    who_decides=(
        "A jury of five: captain Celeste Amaro, ship's carpenter Bram Okafor, "
        "schoolteacher Marta Silveira, sign painter Ilse Varga and one shareholder "
        "drawn by lot."
    ),
    vote_role="advisory",
    fallback=(
        "If the jury has not decided in time, the three ideas with the most support go "
        "to the assembly of shareholders, which votes within two weeks."
    ),
    rights=(
        "Your idea stays yours. If it is chosen, we pay and you grant Ondalenta the "
        "exclusive right to use it for the ship. Ideas not chosen are not used by us, "
        "in no form, unless we ask and pay."
    ),
    terms=(
        "The idea is your own, or you say what comes from others. We may show it here "
        "with your name or pen name. You can change or withdraw it until the call "
        "closes. We use your e-mail address for this call only."
    ),
    opens_in_days=-12,
    closes_in_days=16,
    decision_due_in_days=44,
    cover=Picture(
        "cover",
        3,
        "The ferry with lit windows on dark blue water, the moon high on the right.",
        "The night crossing",
    ),
    briefs=(NAME_BRIEF, MARK_BRIEF),
    checklist=(
        "Can it be read aloud over a loudspeaker?\n"
        "No living person, no brand of somebody else?\n"
        "Is every picture described?"
    ),
)
