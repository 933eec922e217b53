"""A page of the test site on which an editor placed each of our blocks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse

from wagtail_crowdbrand.blocks import CrowdbrandBlocks

TEMPLATE = """
{% extends "base.html" %}
{% load wagtailcore_tags %}
{% block title %}Home{% endblock %}
{% block content %}
  <h1>Home</h1>
  {% for block in body %}{% include_block block %}{% endfor %}
{% endblock %}
"""


def show(request: HttpRequest) -> HttpResponse:
    """``?code=…`` are the ideas, ``?campaign=…`` is the id of the campaign."""
    codes = request.GET.getlist("code")
    heading = {"heading": "Placed by an editor"}
    blocks = [
        ("open_campaigns", {"number": 3}),
        ("featured_submissions", {"codes": codes}),
        ("countdown", {"campaign": int(request.GET["campaign"])}),
        ("compare", {"codes": codes[:4]}),
    ]
    stream = [{"type": kind, "value": heading | value} for kind, value in blocks]
    body = CrowdbrandBlocks().to_python(stream)
    template = engines["django"].from_string(TEMPLATE)
    return TemplateResponse(request, template, {"body": body})
