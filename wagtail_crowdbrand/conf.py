"""The package's settings: one dict, ``WAGTAIL_CROWDBRAND``, read at call time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, get_args, get_origin, get_type_hints

from django.conf import settings


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting with its default; the keys of the dict are these in capitals."""

    #: Cards on one page of a gallery.
    gallery_page_size: int = 24
    #: Largest file a contributor may send, in bytes.
    max_image_bytes: int = 10 * 1024 * 1024
    #: Largest picture, in pixels, that is decoded at all.
    max_image_pixels: int = 50_000_000
    #: Memory decoding may take, in bytes. Formats that are decoded whole (WebP,
    #: progressive JPEG) get fewer pixels by it than ``max_image_pixels``.
    max_image_memory: int = 240 * 1024 * 1024
    #: Longest edge of the picture that is kept, in pixels.
    max_image_edge: int = 2560
    #: Bytes and number of the pictures kept of one contributor, in all campaigns
    #: together; before an address is confirmed, of one draft. ``None``: no limit.
    max_contributor_bytes: int | None = 500 * 1024 * 1024
    max_contributor_pictures: int | None = 500
    #: Bytes and number of the pictures kept of one campaign.
    max_campaign_bytes: int | None = 50 * 1024 * 1024 * 1024
    max_campaign_pictures: int | None = 100_000
    #: Alias in ``STORAGES`` for files nobody but moderators may see.
    private_storage: str = "crowdbrand_private"
    #: Dotted path of ``(upload, *, title, alt) -> Image`` (see how-to/images).
    create_image: str = "wagtail_crowdbrand.domain.pictures.create_image"
    #: Collection for pictures that became public.
    image_collection: str = "Campaign submissions"
    #: Forms sent faster than this many seconds are marked for the moderator.
    min_form_seconds: int = 3
    #: Hours after closing during which an e-mail address can still be confirmed.
    confirm_hours: int = 48
    #: Action → how often one address may do it, such as ``20/h`` (s, m, h, d).
    rate_limits: dict[str, str] = field(
        default_factory=lambda: {
            "draft": "30/h",
            "upload": "120/h",
            "submit": "30/h",
            "link": "60/h",
            "resume": "5/h",
            "resume_to": "3/d",  # counted by who gets the mail
            "notice": "10/h",
            "notice_each": "3/d",
            "receipt": "60/h",
        }
    )
    #: Where links in mails lead instead of our own pages: ``confirm``, ``edit`` or
    #: ``resume`` → an address with ``{code}`` and ``{token}``.
    private_links: dict[str, str] = field(default_factory=dict)
    #: Where previews of campaigns, briefs and submission pages lead instead of our own
    #: templates: an address with ``{token}``, with which the API gives the draft.
    preview_url: str = ""
    #: Origins, such as ``https://ideas.example.com``, whose pages may use the API from
    #: a browser (CORS), with tokens and never with a session. Exact; there is no ``*``.
    api_allowed_origins: tuple[str, ...] = ()
    #: How many proxies of one's own stand before the site (0: none; the address is
    #: REMOTE_ADDR). Their entries in ``X-Forwarded-For`` are believed, no others.
    trusted_proxies: int = 0
    #: Dotted paths of ``(submission, *, at) -> Finding | None``.
    spam_checks: tuple[str, ...] = (
        "wagtail_crowdbrand.domain.suspicion.haste",
        "wagtail_crowdbrand.domain.suspicion.links",
    )
    #: Seconds during which a decision can be undone; its mail waits as long. With 0
    #: mails leave at once and nothing can be undone.
    undo_seconds: int = 60
    #: Days during which a contributor may object to a decision (Digital Services Act,
    #: Article 20: at least six months).
    appeal_days: int = 183
    #: Minutes for which a moderator who looks at a submission keeps it from others.
    claim_minutes: int = 5
    #: Open notices that take a submission off the site until somebody has looked;
    #: ``None``: notices never hide anything by themselves.
    notices_hide_after: int | None = None
    #: Hours between two mails that tell a moderator what waits.
    digest_hours: int = 4
    #: Days after a campaign was decided or archived until what was rejected, marked as
    #: spam or withdrawn is erased; ``None``: it is kept.
    retention_days: int | None = None
    #: Who sends it as a bearer token may read the numbers for a monitor; ``""``: only
    #: superusers may.
    metrics_token: str = ""


def get_config() -> Config:
    """The settings as they are now; unknown keys are ignored (a check reports them).

    ``RATE_LIMITS`` changes the limits it names and leaves the others; ``""`` lifts one.
    """
    given = getattr(settings, "WAGTAIL_CROWDBRAND", {})
    values = {
        each.name: given[each.name.upper()]
        for each in fields(Config)
        if each.name.upper() in given
    }
    if "rate_limits" in values:
        values["rate_limits"] = Config().rate_limits | values["rate_limits"]
    return Config(**values)


def unknown_keys() -> set[str]:
    """Keys of ``WAGTAIL_CROWDBRAND`` that mean nothing."""
    given = getattr(settings, "WAGTAIL_CROWDBRAND", {})
    known = {each.name.upper() for each in fields(Config)}
    return set(given) - known if isinstance(given, Mapping) else set()


#: How a person is told what a setting takes.
KINDS: dict[Any, str] = {
    int: "a whole number, not below 0",
    int | None: "a whole number, not below 0, or None",
    str: "a string",
    tuple[str, ...]: "a list or tuple of strings",
    dict[str, str]: "a dict of strings",
}


def misfits() -> dict[str, str]:
    """Keys of ``WAGTAIL_CROWDBRAND`` with a value of the wrong kind, and the right one.

    The key ``""`` stands for the setting itself, when it is not even a dict.
    """
    given = getattr(settings, "WAGTAIL_CROWDBRAND", {})
    if not isinstance(given, Mapping):
        return {"": "a dict"}
    kinds = {name.upper(): kind for name, kind in get_type_hints(Config).items()}
    return {
        key: KINDS[kinds[key]]
        for key, value in given.items()
        if key in kinds and not _fits(value, kinds[key])
    }


def _fits(value: Any, kind: Any) -> bool:
    if kind is int:
        return type(value) is int and value >= 0
    if isinstance(kind, type):
        return isinstance(value, kind)
    if get_origin(kind) is tuple:
        return isinstance(value, list | tuple) and _all_text(value)
    if get_origin(kind) is dict:
        return isinstance(value, dict) and _all_text([*value, *value.values()])
    return any(_fits(value, each) for each in get_args(kind))


def _all_text(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) for value in values)
