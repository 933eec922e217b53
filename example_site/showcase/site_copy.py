"""The words of the site's own pages: home, the line, the ships and the journal."""

from __future__ import annotations

from typing import Any

from example_site.showcase.records import Picture

Copy = dict[str, Any]

MORNING = Picture(
    "cover",
    0,
    "A small white ferry crosses still blue water towards hazy islands at sunrise.",
    "Morning boat",
)
LAST_BOAT = Picture(
    "photo",
    1,
    "The ferry on violet water at sunset, a dark island in front of the low sun.",
    "Last boat home",
)
NIGHT_BOAT = Picture(
    "photo",
    3,
    "The ferry with lit windows at night, moonlight scattered on dark blue water.",
    "Night boat",
)
PALE_NOON = Picture(
    "photo",
    8,
    "The ferry on pale green water at noon, low islands on both sides.",
    "Noon off Pedrinha",
)
AMBER = Picture(
    "photo",
    10,
    "The ferry on amber water in the evening, five islands against a yellow sky.",
    "Amber hour",
)
WEATHER = Picture(
    "cover",
    5,
    "The ferry under a grey-green sky, a weak sun behind thin cloud.",
    "Weather coming",
)
ISLANDS = Picture(
    "cover",
    6,
    "The ferry in blue morning light between two chains of islands.",
    "Between the islands",
)

HOME: Copy = {
    "slug": "ondalenta",
    "title": "Ondalenta",
    "seo_title": "The slow ferry line between nine islands",
    "search_description": "Three old ships, nine small islands and no hurry at all.",
    "headline": "The slow boat is the fast way to feel far away.",
    "lead": (
        "Three old ships, nine small islands, and a timetable that leaves room for "
        "weather, dolphins and a second coffee."
    ),
    "cover": MORNING,
    "body": [
        (
            "departures",
            {
                "heading": "Leaving Tarrel today",
                "note": "Times are honest guesses. The sea edits them.",
                "rows": [
                    {
                        "leaves": "07:40",
                        "destination": "Noz",
                        "arrives": "before the bakery sells out",
                        "bring": "a bag for the bread",
                    },
                    {
                        "leaves": "09:15",
                        "destination": "Pedrinha",
                        "arrives": "around eleven",
                        "bring": "shoes that may get wet",
                    },
                    {
                        "leaves": "13:05",
                        "destination": "Lume and Farelha",
                        "arrives": "in time for shade",
                        "bring": "a book with short chapters",
                    },
                    {
                        "leaves": "19:30",
                        "destination": "Ouva, the long way",
                        "arrives": "with the stars",
                        "bring": "the warm jumper",
                    },
                ],
            },
        ),
        (
            "feature",
            {
                "heading": "Our fourth ship has no name yet. You could give her one.",
                "text": (
                    "She is electric, she is on the slip in Tarrel, and she needs a "
                    "name and a mark for her funnel. We asked everybody instead of an "
                    "agency. The rules, the deadline and the people who decide are "
                    "all on one page."
                ),
                "image": Picture(
                    "poster",
                    5,
                    "Poster of a red ferry with lit windows under a yellow moon.",
                    "The ship without a name",
                ),
                "page": None,
                "link_text": "Read the open call",
            },
        ),
        (
            "cards",
            {
                "heading": "Three crossings to begin with",
                "cards": [
                    {
                        "image": PALE_NOON,
                        "heading": "Pedrinha, for an hour or a week",
                        "text": (
                            "Eleven houses, one well, a swimming ladder. The boat "
                            "waits if you wave."
                        ),
                        "page": None,
                    },
                    {
                        "image": AMBER,
                        "heading": "The long way to Ouva",
                        "text": (
                            "Five stops at the hour when everything looks forgiven. "
                            "Soup is served off Mirante."
                        ),
                        "page": None,
                    },
                    {
                        "image": NIGHT_BOAT,
                        "heading": "The parcel run",
                        "text": (
                            "Ride with the post on the first Friday of the month. "
                            "You carry one parcel; that is the fare."
                        ),
                        "page": None,
                    },
                ],
            },
        ),
        (
            "quote",
            {
                "text": (
                    "I used to lose two hours on that ferry. Now I take it to get "
                    "them back."
                ),
                "who": "Marta Silveira, schoolteacher on Corvelo",
            },
        ),
        (
            "facts",
            {
                "heading": "Small numbers, kept carefully",
                "facts": [
                    {"figure": "9", "label": "islands, the smallest with 14 people"},
                    {"figure": "3", "label": "ships, all older than their captains"},
                    {"figure": "11", "label": "knots, on a good day, downhill"},
                    {"figure": "0", "label": "announcements after nine in the evening"},
                ],
            },
        ),
    ],
}

THE_LINE: Copy = {
    "slug": "the-line",
    "title": "The line",
    "lead": (
        "Ondalenta has sailed between the nine Tarrel islands since 1931. It belongs "
        "to the people who live on them, one share a household."
    ),
    "cover": ISLANDS,
    "body": [
        (
            "text",
            {
                "heading": "Why slow",
                "body": (
                    "<p>In 1974 a consultant proposed faster boats. Somebody on Noz "
                    "asked what we would do with the time. Nobody had an answer, and "
                    "the minutes of that meeting still hang in the ticket office.</p>"
                    "<p>Slow uses a third of the fuel. Slow lets the post be sorted "
                    "on board. Slow means that a teacher, a goat and a piano can share "
                    "a deck without any of them falling over.</p>"
                ),
            },
        ),
        (
            "text",
            {
                "heading": "Who owns the boats",
                "body": (
                    "<p>Every household on the nine islands holds exactly one share. "
                    "The assembly meets on the first Sunday of March, on deck, at "
                    "anchor, so that no island is host.</p>"
                    "<p>Profit goes into paint, pensions and the children's fare, "
                    "which has been nothing since 1958.</p>"
                ),
            },
        ),
        (
            "text",
            {
                "heading": "Why we ask in public",
                "body": (
                    "<p>A ferry line is a promise between places. We think the people "
                    "it connects, and anybody who likes them, should have a hand in "
                    "how it looks and sounds. So we put our questions up as open "
                    "calls:</p>"
                    "<ul><li>The rules and the deadline are written down before the "
                    "first idea arrives.</li>"
                    "<li>You learn who decides, and afterwards why.</li>"
                    "<li>What you made stays yours unless we choose it and pay "
                    "for it.</li></ul>"
                ),
            },
        ),
        ("figure", {"image": WEATHER, "caption": "Off Mirante, with weather coming."}),
    ],
}

THE_SHIPS: Copy = {
    "slug": "the-ships",
    "title": "The ships",
    "lead": "Three ships and a hull on the slip. Each of them answers to her name.",
    "cover": WEATHER,
    "body": [
        (
            "text",
            {
                "heading": "Paciência, 1968",
                "body": (
                    "<p>The eldest. Riveted by people who thought they were building "
                    "a bridge. Carries 90 passengers, 4 cars and the brass band. Her "
                    "whistle is a slightly flat G.</p>"
                ),
            },
        ),
        (
            "text",
            {
                "heading": "Devagar, 1983",
                "body": (
                    "<p>The name means <em>slowly</em>, and she has never let it "
                    "down. The only ship with a reading deck: forty shelves, one "
                    "rule – leave a book on the island where you finished it.</p>"
                ),
            },
        ),
        (
            "text",
            {
                "heading": "Tia Lurdes, 1999",
                "body": (
                    "<p>Named by schoolchildren after the woman who ran the canteen "
                    "for fifty years. Flat-bottomed, good-humoured, first choice in "
                    "fog.</p>"
                ),
            },
        ),
        (
            "text",
            {
                "heading": "Number four",
                "body": (
                    "<p>Battery-driven, 38 metres, launched next spring. She will "
                    "sail the night crossing to Ouva without waking the terns. On the "
                    "drawings she is still called “number four”, and the yard is "
                    "getting used to it. Please hurry, slowly.</p>"
                ),
            },
        ),
        ("figure", {"image": LAST_BOAT, "caption": "Devagar, on the last boat home."}),
    ],
}

STANDARD_PAGES: tuple[Copy, ...] = (THE_LINE, THE_SHIPS)

JOURNAL: Copy = {
    "slug": "journal",
    "title": "Journal",
    "lead": "Notes from the quay, the engine room and the ticket office.",
}

JOURNAL_ENTRIES: tuple[Copy, ...] = (
    {
        "slug": "the-hull-is-painted",
        "title": "The hull is painted, the bow is blank",
        "lead": (
            "Two coats of petrol green, one of patience. What is missing from number "
            "four is the one thing a yard cannot build."
        ),
        "author": "Tomé Vidal",
        "days_ago": 9,
        "cover": PALE_NOON,
        "body": [
            (
                "text",
                {
                    "heading": "",
                    "body": (
                        "<p>The painters finished on Thursday at four and stood "
                        "around for a while, the way one does when a kettle has been "
                        "put on. Then the foreman measured the bow: five metres and "
                        "ten. “Whatever she is called,” he said, “it had better be "
                        "shorter than that.”</p>"
                        "<p>So that is the first rule of the open call, and it comes "
                        "from a man with a tape measure. The others are on the page of "
                        "the brief.</p>"
                    ),
                },
            )
        ],
    },
    {
        "slug": "a-timetable-you-can-read-in-the-rain",
        "title": "A timetable you can read in the rain",
        "lead": "We tried eleven kinds of paper, a bucket, and Dona Graça's glasses.",
        "author": "Inês Quadros",
        "days_ago": 33,
        "cover": WEATHER,
        "body": [
            (
                "text",
                {
                    "heading": "",
                    "body": (
                        "<p>The winner is the paper that fishmongers use. It keeps "
                        "its temper when wet, and nobody minds if it smells faintly "
                        "of the sea. Numbers are now as tall as a thumb.</p>"
                    ),
                },
            )
        ],
    },
    {
        "slug": "what-the-night-crossing-sounds-like",
        "title": "What the night crossing sounds like",
        "lead": "A microphone, a thermos and nine hours on Paciência's upper deck.",
        "author": "Bram Okafor",
        "days_ago": 71,
        "cover": NIGHT_BOAT,
        "body": [
            (
                "text",
                {
                    "heading": "",
                    "body": (
                        "<p>Mostly it sounds like being rocked by somebody who is "
                        "thinking of something else. Around three the engine changes "
                        "key. Around five there are terns, and after that the day "
                        "belongs to everybody again.</p>"
                    ),
                },
            )
        ],
    },
)
