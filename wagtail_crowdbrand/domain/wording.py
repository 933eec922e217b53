"""What a line of the ledger says to people, in the language that is active."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import formats, timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from wagtail_crowdbrand.domain import reasons
from wagtail_crowdbrand.domain.classes import brief_models, campaign_models
from wagtail_crowdbrand.models import LedgerEntry
from wagtail_crowdbrand.states import (
    Hold,
    LedgerKind,
    Moderation,
    ModerationPolicy,
    VisibilityMode,
)


@dataclass(frozen=True)
class Change:
    """One field that says something else now."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """A line for reading: a heading, a sentence, what somebody said, and details."""

    entry: LedgerEntry
    label: str
    text: str = ""
    note: str = ""
    details: list[tuple[str, str]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def line_of(entry: LedgerEntry, *, zone: ZoneInfo) -> Line:
    """``entry`` in words; instants in the campaign's own time zone."""
    facts = entry.facts if isinstance(entry.facts, dict) else {}
    known = entry.kind in LedgerKind.values
    return Line(
        entry=entry,
        label=str(LedgerKind(entry.kind).label) if known else entry.kind,
        text=_sentence(entry.kind, facts, zone),
        note=str(facts.get("note") or facts.get("reason") or ""),
        details=_details(entry.kind, facts, zone),
        changes=changes_of(entry, zone=zone),
    )


def changes_of(entry: LedgerEntry, *, zone: ZoneInfo) -> list[Change]:
    """What changed, field by field; empty for lines that tell something else."""
    about_brief = entry.kind == LedgerKind.BRIEF_CHANGED
    model = next(iter(brief_models() if about_brief else campaign_models()), None)
    return [
        Change(
            label=_label(model, change["field"]),
            before=_shown(model, change["field"], change["before"], zone),
            after=_shown(model, change["field"], change["after"], zone),
        )
        for change in entry.facts.get("changes", [])
    ]


def _sentence(kind: str, facts: dict[str, Any], zone: ZoneInfo) -> str:
    if kind == LedgerKind.DEADLINE_MOVED:
        moments = {name: _moment(facts.get(name), zone) for name in ("from", "to")}
        if facts.get("what") == "reveal":
            return _("The reveal was %(from)s, and is %(to)s now.") % moments
        return _("It was %(from)s, and is %(to)s now.") % moments
    if kind == LedgerKind.POLICY_CHANGED:
        words = {
            name: _choice(ModerationPolicy, facts.get(name)) for name in ("from", "to")
        }
        return _("Ideas are reviewed: “%(to)s”, no longer “%(from)s”.") % words
    if kind == LedgerKind.RESUMED:
        return _("It goes on as scheduled; it was: %(before)s.") % {
            "before": _choice(Hold, facts.get("after"))
        }
    if kind == LedgerKind.BRIEF_CHANGED:
        words = {"title": facts.get("title", "")}
        if facts.get("added"):
            return _("The brief “%(title)s” was added.") % words
        if facts.get("removed"):
            return _("The brief “%(title)s” moved to another campaign.") % words
        return _("In the brief “%(title)s”:") % words
    if kind == LedgerKind.DECIDED:
        due = _moment(facts.get("due"), zone)
        if facts.get("late"):
            return _("Later than promised: it was due %(due)s.") % {"due": due}
        return _("As promised: it was due %(due)s.") % {"due": due} if due else ""
    if kind == LedgerKind.CORRECTION:
        return _("About line %(line)s:") % {"line": facts.get("line", "–")}
    if kind == LedgerKind.RECEIPTS_PUBLISHED:
        return _("From now on, nothing can be added or changed without being noticed.")
    return ""


def _details(kind: str, facts: dict[str, Any], zone: ZoneInfo) -> list[tuple[str, str]]:
    if kind == LedgerKind.MODERATION_COUNTS:
        return _counts(facts)
    rows: list[tuple[str, Any]] = []
    if kind == LedgerKind.OPENED:
        rows = [
            (_("Closes"), _moment(facts.get("closes_at"), zone)),
            (_("Reveal"), _moment(facts.get("reveals_at"), zone)),
            (_("Decision due"), _moment(facts.get("decision_due_at"), zone)),
            (_("Ideas are shown"), _choice(VisibilityMode, facts.get("visibility"))),
            (_("Ideas are reviewed"), _choice(ModerationPolicy, facts.get("policy"))),
            (_("Version of the rules"), facts.get("terms")),
        ]
    elif kind == LedgerKind.TERMS_CHANGED:
        rows = [(_("Version of the rules"), facts.get("terms"))]
    elif kind == LedgerKind.RECEIPTS_PUBLISHED:
        rows = [
            (_("Lines of the list"), facts.get("lines")),
            (_("Its digest (SHA-256)"), facts.get("digest")),
        ]
    elif kind == LedgerKind.SEAL_BROKEN:
        rows = [
            (_("What was looked at"), facts.get("scope")),
            (_("For how many minutes"), facts.get("for_minutes")),
        ]
    elif kind == LedgerKind.REVEALED:
        rows = [(_("Ideas shown"), facts.get("shown"))]
    return [(label, str(value)) for label, value in rows if value not in (None, "")]


def _counts(facts: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [(_("Received"), facts.get("received", 0))]
    rows += [(str(each.label), facts.get(each.value, 0)) for each in Moderation]
    rows.append((_("Withdrawn"), facts.get("withdrawn", 0)))
    labels = reasons.labels(get_language() or "")
    rows += [
        (_("Not shown: %(reason)s") % {"reason": labels.get(code, code)}, number)
        for code, number in sorted(facts.get("reasons", {}).items())
    ]
    return [(label, str(number)) for label, number in rows if number]


def _label(model: Any, name: str) -> str:
    known = _field(model, name)
    label = str(known.verbose_name) if known else name
    return f"{label[:1].upper()}{label[1:]}"


def _field(model: Any, name: str) -> Any:
    """``None`` for a field that is no more: its lines stay."""
    try:
        return model._meta.get_field(name)
    except (AttributeError, FieldDoesNotExist):
        return None


def _shown(model: Any, name: str, value: Any, zone: ZoneInfo) -> str:
    if value is None or value == "":
        return ""
    if value is True or value is False:
        return _("yes") if value else _("no")
    known = _field(model, name)
    if known is None:
        return str(value)
    if isinstance(known, models.DateTimeField):
        return _moment(value, zone)
    labels = dict(known.flatchoices) if name != "time_zone" else {}
    return str(labels.get(value, value))


def _choice(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else str(value or "")


def _moment(value: Any, zone: ZoneInfo) -> str:
    """An instant as the campaign's own clock shows it."""
    if not value:
        return ""
    local = timezone.localtime(datetime.fromisoformat(value), zone)
    day = formats.date_format(local, pgettext("date format", "l j F Y, H:i"))
    name = local.tzname() or ""
    return f"{day} {'UTC' if name[:1] in '+-' else ''}{name}"
