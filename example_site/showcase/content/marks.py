"""Sixteen marks sent to the brief “Draw her funnel mark”."""

from __future__ import annotations

from typing import Any

from example_site.showcase.records import Picture, SubmissionCopy


def _mark(
    title: str,
    summary: str,
    credit: str,
    email: str,
    sent_in_days: float,
    pictures: dict[int, str],
    drawn: str,
    night: str = "",
    **more: Any,
) -> SubmissionCopy:
    """``pictures`` maps the seed of a logo mark to its description."""
    return SubmissionCopy(
        "funnel-mark",
        title,
        summary,
        credit,
        f"{email}@example.org",
        sent_in_days,
        pictures=tuple(
            Picture("logo_mark", seed, alt) for seed, alt in pictures.items()
        ),
        answers={"drawn": drawn} | ({"night": night} if night else {}),
        **more,
    )


MARKS = (
    _mark(
        "Going under, slowly",
        "A sun that sets in three waves. Each wave is a little wider than the one "
        "above, so it still reads when the paint has run.",
        "Ilka Thorne",
        "ilka.thorne",
        -11.4,
        {
            0: "A dark green disc on white; three wavy white lines cut its lower half.",
            18: "The same disc with three waves, in plum on pale pink.",
        },
        "On a screen",
        "The disc is dark, the three waves glow.",
    ),
    _mark(
        "Bowl and sun",
        "A half circle and a circle. From the quay it is a boat under the sun, from "
        "the galley a bowl with an orange.",
        "Studio Wet Paint",
        "studio.wetpaint",
        -10.9,
        {1: "A dark disc above a white half circle with its flat side up, on red."},
        "By hand",
        "Only the half circle lights up; the sun is off duty.",
    ),
    _mark(
        "A funnel on a funnel",
        "The funnel shows a funnel, wearing the wave the way funnels used to wear "
        "their company's band.",
        "Anselm Kofi Brandt",
        "anselm.brandt",
        -10.1,
        {2: "A leaning teal funnel on white with one wavy yellow band around it."},
        "On a screen",
    ),
    _mark(
        "Little, larger, there",
        "Three quarter circles: the same boat at three distances. Or three sisters, "
        "with the youngest in front.",
        "Noemi Castellane",
        "noemi.castellane",
        -9.4,
        {3: "Three growing quarter circles on navy: pink, red and pink again."},
        "Both",
        "Lit one after the other when she leaves, all at once when she is in.",
    ),
    _mark(
        "O, with tide",
        "The first letter of Ondalenta with the sea going through it. It is a ring, "
        "so nobody has to read it.",
        "Tobias Merriweather-Lund",
        "tobias.ml",
        -8.8,
        {4: "A plum ring on pink, crossed in the middle by one long red wave."},
        "On a screen",
    ),
    _mark(
        "The snail's wake",
        "A spiral that ends as a straight wake: a snail, a coil of rope, and the "
        "course she takes when the pilot has seen a dolphin.",
        "Agnes Umber",
        "agnes.umber",
        -8.0,
        {5: "A dark spiral on yellow that runs out into a straight line, a white dot."},
        "By hand",
        "One unbroken line of light, drawn from the outside in.",
    ),
    _mark(
        "Night and day, one flag",
        "An invented signal flag. It means: I am going dark, please keep dancing.",
        "Kestrel & Daughters",
        "kestrel.daughters",
        -7.2,
        {
            6: "A square halved diagonally, navy and white, on light blue; the colours "
            "swap places inside a disc in its middle.",
            24: "The same halved square in white and yellow on dark green.",
        },
        "On a screen",
        "It is its own negative, so nothing changes at all.",
    ),
    _mark(
        "Tern, not woken",
        "One bird across one moon. Its wings reach from edge to edge because that is "
        "how they look when you lie on deck.",
        "Joaquim Frost",
        "joaquim.frost",
        -6.3,
        {7: "A white gull-like bird with spread wings across a navy disc, a red dot."},
        "By hand",
    ),
    _mark(
        "Foghorn",
        "A sound you can see. Four arcs, because she is the fourth.",
        "Delphine Okonkwo-Reyes",
        "delphine.or",
        -5.1,
        {8: "Three red arcs spreading from a dark quarter circle at the lower left."},
        "On a screen",
        "The arcs light up outwards, once a minute, without a sound.",
    ),
    _mark(
        "The patient fish",
        "It has a wave inside, since that is what fish are full of. Children will "
        "claim it is smiling.",
        "Piet Marigold",
        "piet.marigold",
        -4.4,
        {9: "A green fish facing left on white, a yellow wavy line along its belly."},
        "By hand",
    ),
    _mark(
        "Nine, with one line",
        "Nine dots for nine islands and the one line that joins the ones she calls at. "
        "The open ring is where you are.",
        "Hyacinth Boateng",
        "hyacinth.boateng",
        -3.3,
        {
            10: "Nine white dots in three rows on dark green; a yellow line joins "
            "seven of them and ends in a ringed dot.",
            28: "The same nine dots in pink with a red line, on navy.",
        },
        "On a screen",
        "Only the island she is heading for is lit.",
    ),
    _mark(
        "Keeper",
        "A lighthouse without its rock. It comes to you.",
        "Rurik Valdés",
        "rurik.valdes",
        -2.2,
        {11: "A dark lighthouse on white, two red beams to the left and the right."},
        "Both",
    ),
    _mark(
        "Moonwake",
        "The moon and her road. The strokes get heavier towards you, as they do.",
        "Sunniva Hartwell",
        "sunniva.hartwell",
        -1.1,
        {
            13: "A teal crescent above four yellow lines that grow shorter downwards.",
            31: "The same crescent in navy on light blue, the lines in white.",
        },
        "By hand",
        "Exactly like the thing itself, I hope.",
        moderation="pending",
    ),
    _mark(
        "Boat in a window",
        "What you see from the ticket office. The frame is the funnel.",
        "Cosmo Abernathy",
        "cosmo.abernathy",
        -0.6,
        {14: "A pink square on navy; in it a navy boat with a navy and a red sail."},
        "On a screen",
        moderation="pending",
    ),
    _mark(
        "Echo in stripes",
        "Half a sun that is certain and half a sun that is reflected. Seven bars, to "
        "be cut from one sheet with no waste.",
        "Marisol Penn",
        "marisol.penn",
        -0.2,
        {
            17: "A disc of seven bars on light blue: the upper four navy and aligned, "
            "the lower three white and shifted sideways."
        },
        "On a screen",
        moderation="pending",
    ),
    _mark(
        "Number four keeps her number",
        "Everybody in the yard calls her four. I made the crossbar a wave so that it "
        "may stay.",
        "Leopold Sy",
        "leopold.sy",
        -4.0,
        {15: "A plum figure 4 on pale pink, its crossbar a red wave."},
        "On a screen",
        moderation="changes_requested",
        reason=(
            "We like the wave very much. The brief asks for no lettering, and a figure "
            "counts as that. Could the wave stand without the four?"
        ),
    ),
)
