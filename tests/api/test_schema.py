"""What is promised to others changes only on purpose.

``CROWDBRAND_WRITE_API=1`` writes the snapshot and the reference anew.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client

from tests.api import reference
from tests.api.remote import BASE
from wagtail_crowdbrand.api.mount import api

HERE = Path(__file__).resolve().parent
SNAPSHOT = HERE / "openapi.json"
#: Operations that answer with a file, and its kind.
FILES = {"read_picture": "image/*", "download_data": "application/zip"}
REFERENCE = HERE.parents[1] / "docs/reference/api.md"


@pytest.fixture
def schema():
    return json.loads(json.dumps(api.get_openapi_schema(), default=str))


def assert_same(path: Path, text: str) -> None:
    if os.environ.get("CROWDBRAND_WRITE_API"):
        path.write_text(text)
    assert path.read_text() == text, "CROWDBRAND_WRITE_API=1 writes it anew"


def test_promise_is_the_snapshot(schema):
    assert_same(SNAPSHOT, json.dumps(schema, indent=1, ensure_ascii=False) + "\n")


def test_reference_is_what_the_schema_says(schema):
    assert_same(REFERENCE, reference.write(schema, prefix=BASE))


def test_schema_is_openapi_3_1_with_problems_declared(schema):
    assert schema["openapi"].startswith("3.1")
    for operations in schema["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                kind = "application/json"
                if int(status) >= 400:
                    kind = "application/problem+json"
                else:
                    kind = FILES.get(operation["operationId"], kind)
                if int(status) != 304:
                    assert set(answer["content"]) == {kind}


@pytest.mark.django_db
def test_page_for_people_loads_nothing_from_elsewhere():
    response = Client().get(f"{BASE}/docs")
    assert response.status_code == 200
    assert b"//" not in response.content.replace(b"http://www.w3.org", b"")
    assert b"swagger-ui-bundle.js" in response.content


@pytest.mark.django_db
def test_page_for_people_needs_ninja_installed(monkeypatch):
    monkeypatch.delitem(apps.app_configs, "ninja")
    assert Client().get(f"{BASE}/docs").status_code == 404
    assert Client().get(f"{BASE}/openapi.json").status_code == 200
