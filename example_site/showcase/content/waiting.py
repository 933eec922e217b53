"""Names that still wait for a moderator, so that the desk has something to do."""

from __future__ import annotations

from example_site.showcase.records import SubmissionCopy


def _waiting(
    title: str, summary: str, credit: str, days: float, origin: str
) -> SubmissionCopy:
    return SubmissionCopy(
        "ship-name",
        title,
        summary,
        credit,
        f"{credit.split()[0].lower()}.{title.split()[0].lower()}@example.org",
        days,
        answers={"origin": origin},
        moderation="pending",
    )


WAITING = (
    _waiting(
        "Second Breakfast",
        "She leaves at 09:15, after the first one. Nobody boards a ship hungry twice.",
        "Oriel Marchbank",
        -3.9,
        "Something else",
    ),
    _waiting(
        "Petrel",
        "The bird that walks on water because it is in no hurry to fly.",
        "Dunja Holm",
        -3.6,
        "An animal",
    ),
    _waiting(
        "Loose Change",
        "What the fare costs, and what the tide does.",
        "Piet Ravelin",
        -3.1,
        "Something else",
    ),
    _waiting(
        "Terra à Vista",
        "What everybody on deck says at some point. Painted on the bow it is always "
        "true.",
        "Leonor Baixamar",
        -2.8,
        "A word",
    ),
    _waiting(
        "BEST FERRY DEALS",
        "Cheap tickets at http://deals.example http://more-deals.example and "
        "http://even-more.example today only",
        "Deal Hunter",
        -2.6,
        "Something else",
    ),
    _waiting(
        "Tortoise",
        "She wins.",
        "Ambrose Kettle",
        -2.2,
        "An animal",
    ),
    _waiting(
        "Aunt Amália",
        "Mine brought bread to the quay for thirty years. Everybody has one like her.",
        "Rui Cascalho",
        -1.9,
        "A person",
    ),
    _waiting(
        "Halfway",
        "Where the phone has no signal and the kettle has just boiled.",
        "Signe Aldergrove",
        -1.6,
        "A place",
    ),
    _waiting(
        "Kelp",
        "Holds on, lets itself be moved, and feeds half the bay.",
        "Theo Brackwater",
        -1.2,
        "An animal",
    ),
    _waiting(
        "Without Further Ado",
        "The one thing she will never do.",
        "Clementine Vail",
        -0.9,
        "Something else",
    ),
    _waiting(
        "Estrela do Cais",
        "Star of the quay: the lamp the harbour master forgets to switch off.",
        "Joana Farolim",
        -0.6,
        "A word",
    ),
    _waiting(
        "Ferry McFerryface",
        "You knew somebody would.",
        "Barnaby Sprocket",
        -0.3,
        "Something else",
    ),
)
