"""A client of another site: no cookies, no templates, only what the answers say."""

from __future__ import annotations

import json

from django.test import Client

BASE = "/crowdbrand/api/v1"
PROBLEM = "application/problem+json"


class Remote:
    """A client without cookies that speaks JSON and keeps what it is given."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def call(self, method: str, path: str, body=None, token: str = "", **headers):
        headers = {"accept": "application/json", **headers}
        if token:
            headers["authorization"] = f"Bearer {token}"
        kwargs = {"headers": headers}
        if body is not None:
            kwargs |= {"data": json.dumps(body), "content_type": "application/json"}
        return getattr(self.client, method)(f"{BASE}{path}", **kwargs)

    def send_file(self, path: str, file, token: str = "", **fields):
        headers = {"authorization": f"Bearer {token}"} if token else {}
        data = {"file": file, **fields}
        return self.client.post(f"{BASE}{path}", data, headers=headers)


def ok(response, status=200):
    assert response.status_code == status, response.content
    return response.json()


def refused(response, status: int) -> str:
    """The reason code of a refusal, which is always of one shape."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == PROBLEM
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "code", "detail", "errors"}
    assert problem["status"] == status
    assert problem["detail"]
    return problem["code"]


def wrong_fields(response) -> set[tuple[str, str]]:
    """Field and code of all that is not valid."""
    assert refused(response, 422) == "invalid"
    return {(item["field"], item["code"]) for item in response.json()["errors"]}
