"""Fourteen lines sent to the brief “Say it in a line”."""

from __future__ import annotations

from typing import Any

from example_site.showcase.records import SubmissionCopy


def _line(
    title: str,
    summary: str,
    credit: str,
    email: str,
    sent_in_days: float,
    place: str,
    **more: Any,
) -> SubmissionCopy:
    return SubmissionCopy(
        "tagline",
        title,
        summary,
        credit,
        f"{email}@example.org",
        sent_in_days,
        answers={"place": place},
        **more,
    )


TAGLINES = (
    _line(
        "Still moving.",
        "Two words, both true. It is calm and it is going, and it has been since 1931.",
        "Imogen Farrow-Sá",
        "imogen.fs",
        -56.5,
        "On the stern, so that it is read while she leaves",
    ),
    _line(
        "Miss nothing.",
        "What other boats are too quick for. Also a promise to people who are late.",
        "Dario Pennywell",
        "dario.pennywell",
        -54.2,
        "Above the window seats",
    ),
    _line(
        "Arrive as somebody slower.",
        "You get off a bit different from how you got on. That is the service.",
        "Wanda Lisboa-Krig",
        "wanda.lk",
        -51.0,
        "On the gangway, facing the passengers who get off",
    ),
    _line(
        "The sea sets the time.",
        "It explains every delay in five words, and it is right.",
        "Emeka Thistlewood",
        "emeka.thistlewood",
        -47.8,
        "Next to the clock on Tarrel quay",
    ),
    _line(
        "Later is a lovely place.",
        "Because that is where you will be.",
        "Clementine Rook",
        "clementine.rook",
        -45.1,
        "On the timetable, instead of the small print",
    ),
    _line(
        "Post, pianos, people.",
        "No adjectives. This is what is on board, in order of patience.",
        "Bertolt Sandoval",
        "bertolt.sandoval",
        -41.9,
        "On the side of the bread van",
    ),
    _line(
        "Devagar se vai ao longe.",
        "An old proverb: slowly one gets far. Nobody owns it, so nobody could live up "
        "to it better.",
        "Teresinha Alder",
        "teresinha.alder",
        -38.6,
        "On the Devagar, obviously",
    ),
    _line(
        "Eleven knots is plenty.",
        "Facts are funnier when they are content with themselves.",
        "Gunnar Achebe-Holt",
        "gunnar.ah",
        -35.0,
        "On the engine room door",
    ),
    _line(
        "Nine islands. One deep breath.",
        "Reads like a timetable, works like a sigh.",
        "Lavinia Stork",
        "lavinia.stork",
        -30.3,
        "On the back of the ticket",
    ),
    _line(
        "Take the water's word for it.",
        "We could say how good it is. But you will be sitting right next to somebody "
        "who knows.",
        "Quentin Adeyemi",
        "quentin.adeyemi",
        -26.7,
        "Along the railing of the upper deck",
    ),
    _line(
        "The long way is the view.",
        "For everybody who asks why the boat goes round Mirante.",
        "Signe Marchetti",
        "signe.marchetti",
        -22.4,
        "On the route map",
    ),
    _line(
        "Keep for inspection. Of yourself.",
        "You already have a slogan. It only needed finishing.",
        "Ambrose Nakamura-Bell",
        "ambrose.nb",
        -17.1,
        "On the ticket, in the old typeface",
    ),
    _line(
        "Slow is the new fast.",
        "Short, confident, easy to print.",
        "Philippa Gull",
        "philippa.gull",
        -33.3,
        "Everywhere",
        moderation="withdrawn",
        reason="Saw it on a tea towel the day after. Sorry!",
    ),
    _line(
        "Rank your ferry on page one today",
        "We help ferry brand get ten thousand visitor every day. Guaranteed result or "
        "money back, ask for offer.",
        "Growth Team Alpha",
        "growth.alpha",
        -28.9,
        "Internet",
        moderation="spam",
        reason="This is advertising, not an idea for the brief.",
    ),
)
