"""A brief's form as data: its questions, and a JSON Schema of what it takes."""

from __future__ import annotations

from typing import Any

from wagtail_crowdbrand.models import BriefMixin

#: Longest answer, by kind of question; the form behind it has the last word.
LONGEST = {"short_text": 200, "long_text": 3000, "link": 500}


def described(brief: BriefMixin) -> list[dict[str, Any]]:
    """The questions in the order of the form."""
    names = ("label", "help_text", "required", "visibility", "personal")
    return [
        {"id": child.id, "kind": child.block_type}
        | {name: child.value[name] for name in names}
        for child in brief.answer_fields
    ]


def schema_of(brief: BriefMixin) -> dict[str, Any]:
    """JSON Schema (2020-12) of the body of ``POST …/submissions``."""
    answers = {child.id: _answer(child) for child in brief.answer_fields}
    needed = [child.id for child in brief.answer_fields if child.value["required"]]
    image = {
        "type": "object",
        "properties": {
            "upload": {"type": "string", "format": "uuid"},
            "alt": _text(300, least=1),
        },
        "required": ["upload", "alt"],
        "additionalProperties": False,
    }
    properties = {
        "title": _text(120, least=1),
        "summary": _text(brief.max_summary_length, least=1),
        "link": {"type": "string", "format": "uri", "maxLength": 500},
        "third_party": _text(1000),
        "answers": {"type": "object", "properties": answers, "required": needed},
        "images": {
            "type": "array",
            "items": image,
            "minItems": brief.min_images,
            "maxItems": brief.max_images,
        },
        "credit_name": _text(120),
        "co_authors": _text(300),
        "email": {"type": "string", "format": "email"},
        "language": _text(20),
        "terms_number": {"type": "integer"},
        "claim": {"type": "string"},
    }
    required = ["title", "summary", "terms_number"]
    if needed:
        required.append("answers")
    if brief.min_images:
        required.append("images")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _text(longest: int, *, least: int = 0) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": longest}


def _answer(child: Any) -> dict[str, Any]:
    """The schema of one answer, with the question as its title."""
    kind, value = child.block_type, child.value
    schema: dict[str, Any] = {"type": "string"}
    if kind in LONGEST:
        schema["maxLength"] = LONGEST[kind]
    if kind == "link":
        schema["format"] = "uri"
    elif kind == "date":
        schema["format"] = "date"
    elif kind == "file":
        schema["format"] = "uuid"
    elif kind == "number":
        schema["pattern"] = r"^-?\d+(\.\d+)?$"
    elif kind == "choice":
        schema["enum"] = list(value["options"])
    elif kind == "multiple":
        items = {"type": "string", "enum": list(value["options"])}
        schema = {"type": "array", "items": items, "uniqueItems": True}
    return schema | {"title": value["label"], "description": value["help_text"]}
