"""``docs/reference/api.md``, written from the OpenAPI document."""

from __future__ import annotations

from typing import Any

INTRODUCTION = """\
# API

Written from `openapi.json` by a test; do not edit. Paths are below the prefix at which
you include `wagtail_crowdbrand.api.urls`; [URLs](urls.md#api) says how.

Every refusal is a `Problem`, sent as `application/problem+json`. Its `code` is stable
and made for programs, its `detail` for people, in the language of the request.
"""


def write(schema: dict[str, Any], *, prefix: str) -> str:
    lines = [INTRODUCTION]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            title = f"{method.upper()} {path.removeprefix(prefix)}"
            lines += [f"## `{title}`", "", *_operation(operation)]
    lines += ["# Shapes", ""]
    for name, shape in sorted(schema["components"]["schemas"].items()):
        lines += [f"## {name}", "", *_shape(shape)]
    return "\n".join(lines).rstrip() + "\n"


def _operation(operation: dict[str, Any]) -> list[str]:
    lines = [_one_line(operation["description"]), ""]
    if "security" in operation and any(
        "PrivateToken" in s for s in operation["security"]
    ):
        lines += ["With the private token of the submission, or by its account.", ""]
    rows = [
        (each["name"], each["in"], each["schema"], each.get("description", ""))
        for each in operation.get("parameters", [])
    ]
    if rows:
        lines += ["| parameter | in | type | meaning |", "|---|---|---|---|"]
        lines += [
            f"| `{name}` | {place} | {_type(shape)} | {_one_line(meaning)} |"
            for name, place, shape, meaning in rows
        ]
        lines.append("")
    for kind, body in operation.get("requestBody", {}).get("content", {}).items():
        lines += [f"Body (`{kind}`): {_type(body['schema'])}", ""]
    answers = {str(status): answer for status, answer in operation["responses"].items()}
    shown = [
        f"{status} {_type(content['schema'])}"
        for status, answer in answers.items()
        if int(status) < 300
        for content in answer["content"].values()
    ]
    refusals = [status for status in sorted(answers) if int(status) >= 300]
    return [*lines, f"Answers {', '.join(shown)}; or {', '.join(refusals)}.", ""]


def _shape(shape: dict[str, Any]) -> list[str]:
    lines = [_one_line(shape["description"]), ""] if "description" in shape else []
    if "enum" in shape:
        values = ", ".join(
            f"`{value}`" if value else "empty" for value in shape["enum"]
        )
        return [*lines, f"One of {values}.", ""]
    lines += ["| field | type | meaning |", "|---|---|---|"]
    required = shape.get("required", [])
    for name, field in shape["properties"].items():
        kind = _type(field) + ("" if name in required else ", optional")
        lines.append(
            f"| `{name}` | {kind} | {_one_line(field.get('description', ''))} |"
        )
    return [*lines, ""]


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{str(schema['const']).lower()}`"
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if "properties" in schema:
        return ", ".join(
            f"`{name}`: {_type(s)}" for name, s in schema["properties"].items()
        )
    words = [schema.get("type", "anything")]
    if "format" in schema:
        words.append(f"({schema['format']})")
    if "maxLength" in schema:
        words.append(f"of at most {schema['maxLength']} characters")
    return " ".join(words)


def _one_line(text: str) -> str:
    return " ".join(text.replace("``", "`").split())
