"""Fourteen directions sent to the brief “Show us the slow line”."""

from __future__ import annotations

from typing import Any

from example_site.showcase.records import Picture, SubmissionCopy


def _look(
    title: str,
    summary: str,
    credit: str,
    email: str,
    sent_in_days: float,
    pictures: dict[int, str],
    three_words: str,
    **more: Any,
) -> SubmissionCopy:
    """``pictures`` maps the seed of a poster to its description."""
    return SubmissionCopy(
        "posters",
        title,
        summary,
        credit,
        f"{email}@example.org",
        sent_in_days,
        pictures=tuple(Picture("poster", seed, alt) for seed, alt in pictures.items()),
        answers={"three_words": three_words},
        **more,
    )


VISUALS = (
    _look(
        "Eight swells",
        "One sun, eight bands of water, one ink that gets darker. Change the sun's "
        "place and you have the timetable of a year.",
        "Marguerite Fennimore",
        "m.fennimore",
        -57.1,
        {
            0: "A large red sun half sunk behind eight wavy bands, teal to dark green.",
            9: "The same sun in teal above eight bands from light blue to navy.",
        },
        "Wide, warm, patient",
    ),
    _look(
        "Sails for a ship that has none",
        "Overprinted sails: where two inks meet, a third appears for free. They stand "
        "for the wind we do not need but miss.",
        "Atelier Halbmond",
        "atelier.halbmond",
        -55.0,
        {
            1: "Three tall curved sails in light blue, teal and red on pink; a disc.",
            10: "The same sails in moss green, red and white on a yellow ground.",
        },
        "Airy, upright, overprinted",
    ),
    _look(
        "A box of quarters",
        "Twenty tiles, five shapes, four rotations. Apprentices can set a new poster "
        "every Monday and never repeat one.",
        "Ingrid Owusu-Vale",
        "ingrid.ov",
        -52.3,
        {
            2: "Twenty tiles of quarter circles, discs and waves: navy, teal, pink.",
            11: "Another setting of the twenty tiles in red, navy, teal and blue.",
        },
        "Playful, modular, exact",
    ),
    _look(
        "What she leaves behind",
        "Ninety per cent sea, one small boat. The wake is the timetable: every line "
        "could end in a stop.",
        "Caspian Doyle",
        "caspian.doyle",
        -49.7,
        {
            3: "A tiny yellow boat seen from above on dark green sea, a fan of yellow "
            "and green wake lines spreading below it."
        },
        "Empty, bright, going",
    ),
    _look(
        "Chart for people who are not in a hurry",
        "A sea chart that leaves out everything a captain needs and keeps what a "
        "passenger wants: how far it is to the next shore.",
        "Petronella Ash",
        "petronella.ash",
        -46.2,
        {
            4: "Nine dark islands with pale depth rings on blue, joined by dotted red "
            "lines; one island is red.",
            13: "The same kind of chart in grey-teal with rounder islands.",
        },
        "Curious, quiet, precise",
    ),
    _look(
        "Bars at the quay",
        "A timetable you cannot read but can hum. Long bars are long crossings; the "
        "discs are where the tea is served.",
        "Ezekiel Blom",
        "ezekiel.blom",
        -42.8,
        {
            6: "Nine vertical bars of unequal length in green, teal and red on white, "
            "each crossed by one ringed yellow or white disc."
        },
        "Rhythmic, dry, musical",
    ),
    _look(
        "Houses that look at themselves",
        "Every quay has its own row of houses, every poster its own row of colours. "
        "The water prints them a second time, with waves.",
        "Filomena Grieg",
        "filomena.grieg",
        -39.9,
        {
            7: "A row of gabled houses in green, blue, teal and red under a pink sky, "
            "mirrored in rippled water.",
            16: "Another row of houses in moss, orange and white under a yellow sky.",
        },
        "Homely, striped, neighbourly",
    ),
    _look(
        "Twelve things to say without a radio",
        "A made-up flag alphabet: soup is ready, mind the piano, look left. The legend "
        "goes on the back.",
        "Solveig Aranda",
        "solveig.aranda",
        -36.1,
        {
            8: "Twelve invented signal flags in four rows, teal, navy, pink and white, "
            "on pale blue."
        },
        "Cheerful, coded, tidy",
    ),
    _look(
        "Red moon over Ouva",
        "Night posters for the night ship. Two inks and the paper; the windows are "
        "simply not printed twice.",
        "Lionel Mbatha-Crisp",
        "lionel.mc",
        -32.6,
        {
            14: "A ferry with a teal hull and lit windows on grey-blue water, a red "
            "moon in a starry dark sky, its light in red strokes on the water."
        },
        "Late, lit, safe",
    ),
    _look(
        "Fan in plum",
        "I wanted a ferry poster without any blue in the sea. Plum is what the water "
        "does ten minutes after sunset, ask anybody on Lume.",
        "Rosalba Whitlock",
        "rosalba.whitlock",
        -29.4,
        {
            12: "A tiny pink boat on plum-coloured sea, a fan of pink and light blue "
            "wake lines running to the lower edge."
        },
        "Dusky, odd, brave",
    ),
    _look(
        "Stops in shell pink",
        "Nine bars for nine islands, hung from the top like washing. Prints in one "
        "morning, dries by lunch.",
        "Emil Drachmann-Osei",
        "emil.do",
        -24.0,
        {
            15: "Nine vertical bars in navy, light blue and teal on white, each "
            "crossed by a ringed pink or white disc."
        },
        "Light, hung, regular",
    ),
    _look(
        "Flags on deep water",
        "Twelve flags again, but from memory, the way they look when you have been at "
        "sea for a while.",
        "Winifred Solano",
        "winifred.solano",
        -19.5,
        {17: "Twelve invented signal flags on teal: red, navy, light blue, white."},
        "Bold, salty, steady",
    ),
    _look(
        "Amber evening",
        "Golden light, a ship and some islands. Everybody likes this picture.",
        "Basil Trent",
        "basil.trent",
        -27.2,
        {5: "A red ferry with lit windows under a yellow moon on a plum sky."},
        "Nice, nice, nice",
        moderation="rejected",
        reason=(
            "This is the poster from our own home page, in our own file. We are "
            "flattered, but the terms ask for your own work."
        ),
    ),
    _look(
        "Quiet geometry",
        "A grid of quarter circles, turned until they start to look like weather.",
        "Hollis Ferreira-Quist",
        "hollis.fq",
        -44.4,
        {20: "Twenty tiles of quarter circles, half circles, discs and waves."},
        "Cool, square, calm",
        moderation="hidden",
        reason=(
            "A reader showed us the album sleeve this follows tile by tile. We have "
            "hidden it until you tell us how the two are related."
        ),
    ),
)
