"""Sixteen names sent to the brief “Name the ship”."""

from __future__ import annotations

from typing import Any

from example_site.showcase.records import SubmissionCopy


def _name(
    title: str,
    summary: str,
    credit: str,
    email: str,
    sent_in_days: float,
    origin: str,
    say: str = "",
    **more: Any,
) -> SubmissionCopy:
    answers = {"origin": origin, "say": say} if say else {"origin": origin}
    return SubmissionCopy(
        "ship-name",
        title,
        summary,
        credit,
        f"{email}@example.org",
        sent_in_days,
        answers=answers,
        **more,
    )


NAMES = (
    _name(
        "Vagarosa",
        "The unhurried one. Hidden in front is “vaga”, a wave, so she is slow and wavy "
        "before anybody has met her.",
        "Mirela Quill",
        "mirela.quill",
        -11.6,
        "A word",
        "va-ga-RO-za",
    ),
    _name(
        "Pirilampo",
        "A firefly: small, electric, out at night, and nobody has ever been annoyed by "
        "one. Children will want to say it all the way to Ouva.",
        "Oke Lindqvist",
        "oke.lindqvist",
        -11.2,
        "An animal",
        "pee-ree-LAM-poo",
    ),
    _name(
        "Ainda",
        "“Still” and “yet” in one word. Still here, still floating, not there yet.",
        "Benedita Arroz",
        "benedita.arroz",
        -10.4,
        "A word",
        "ah-EEN-da",
    ),
    _name(
        "Halfway Home",
        "Wherever she is, that is where you are. In both directions.",
        "Thaddeus Crumb",
        "t.crumb",
        -9.9,
        "Something else",
    ),
    _name(
        "Terna",
        "Tender, in the feminine. One letter away from the terns that she promises not "
        "to wake.",
        "Yusuf Tamarind",
        "yusuf.tamarind",
        -9.1,
        "A word",
        "TAIR-na",
    ),
    _name(
        "Avó Noite",
        "Grandmother Night. Somebody who is up late, says little, has the kettle on "
        "and gets you there safely.",
        "Class 4b, Corvelo school",
        "class4b",
        -8.3,
        "A person",
        "ah-VAW NOY-tih",
    ),
    _name(
        "Murmur",
        "The loudest thing an electric ship can do. The same in eleven languages, and "
        "it sounds like what it says.",
        "Priya Saltmarsh",
        "priya.saltmarsh",
        -7.7,
        "A word",
    ),
    _name(
        "Sobremesa",
        "In one language dessert, in the next the hour you stay at table because "
        "nobody wants to be first to leave. Both are served after dark.",
        "Gaspar and Noor Wilding",
        "the.wildings",
        -6.8,
        "A word",
        "soh-bre-MAY-za",
    ),
    _name(
        "Dona Espera",
        "Mrs Wait. Every quay has one: knitting, knows the timetable, knows better.",
        "Ludmila Finch",
        "ludmila.finch",
        -5.9,
        "A person",
        "DOH-na shPAIR-a",
    ),
    _name(
        "The Second Coffee",
        "From your own timetable. It is what she gives you time for.",
        "Hamish Oyelaran",
        "hamish.oyelaran",
        -4.6,
        "Something else",
    ),
    _name(
        "Lua de Noz",
        "Moon of Noz. “Noz” is also a walnut, and from the quay the moon over the "
        "smallest island looks exactly that size.",
        "Seraphine Dubh",
        "seraphine.dubh",
        -3.8,
        "A place",
        "LOO-a de NAWSH",
    ),
    _name(
        "Good Evening",
        "She says it when she leaves. “We met on the Good Evening” is a sentence I "
        "would like to overhear.",
        "Ravi Penhallow",
        "ravi.penhallow",
        -2.9,
        "Something else",
    ),
    _name(
        "Remanso",
        "The calm patch in a river where the water stops to think.",
        "Ottoline Baptista",
        "ottoline.baptista",
        -0.9,
        "A word",
        "re-MAN-soo",
        moderation="pending",
    ),
    _name(
        "Nightjar",
        "A bird you hear rather than see, which rests by day and travels in the dark. "
        "And the kettle on deck two is a kind of jar.",
        "Wim de Haas-Mbeki",
        "wim.dhm",
        -0.3,
        "An animal",
        moderation="pending",
    ),
    _name(
        "Our Lady of the Slightly Later Than Advertised Departure",
        "Honest, reverent and, I think, legally watertight.",
        "Fergus Tideway",
        "fergus.tideway",
        -6.1,
        "Something else",
        moderation="changes_requested",
        reason=(
            "We laughed, and then we measured: the bow has 5.10 metres. Please shorten "
            "it to three words at most and send it again."
        ),
    ),
    _name(
        "Captain Cutbacks",
        "After the treasurer who wanted to sell the Paciência. He will know why.",
        "A. Shareholder",
        "a.shareholder",
        -5.2,
        "A person",
        moderation="rejected",
        reason_code="offensive",
        decided_by="admin",
        reason=(
            "The brief rules out names of living people, and this one is meant to hurt "
            "somebody who can be recognised. The assembly is the place for it."
        ),
    ),
)
