"""Somebody with Python and an address: ``urlopen`` reaches the site under test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from io import BytesIO
from typing import Any
from urllib import request
from urllib.response import addinfourl

from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client

SITE = "http://testserver"


class ToTheSite(request.HTTPHandler):
    """What goes out over HTTP comes in at the site; files as a web server serves
    them."""

    def http_open(self, req: Any) -> Any:
        media = settings.MEDIA_URL
        if req.selector.startswith(media):
            with default_storage.open(req.selector.removeprefix(media)) as file:
                return _answer(req, file.read(), 200)
        response = Client().get(req.selector)
        return _answer(req, response.getvalue(), response.status_code)


def _answer(req: Any, body: bytes, status: int) -> addinfourl:
    answer = addinfourl(BytesIO(body), Message(), req.full_url, status)
    answer.msg = "OK" if status == 200 else "Refused"
    return answer


@contextmanager
def online() -> Iterator[None]:
    """Within, ``urllib.request.urlopen`` reaches the site and nothing else."""
    before = request._opener
    request.install_opener(request.build_opener(ToTheSite))
    try:
        yield
    finally:
        request.install_opener(before)
