"""An editor's desk without a browser: Wagtail's page forms, filled in and sent."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import (
    nested_form_data,
    querydict_from_html,
    streamfield,
)

STREAMS = {"CampaignPage": ["story", "mail_texts"], "BriefPage": ["answer_fields"]}


def make_editor(**fields: Any) -> User:
    """Somebody who writes and publishes pages, and moderates no submissions."""
    user = User.objects.create_user("editor", password="secret", **fields)
    user.groups.add(Group.objects.get(name="Moderators"))
    return user


def said(response: Any) -> list[str]:
    return [str(message).strip() for message in get_messages(response.wsgi_request)]


def add_url(parent: Page, model: type[Page]) -> str:
    args = [model._meta.app_label, model._meta.model_name, parent.pk]
    return reverse("wagtailadmin_pages:add", args=args)


def edit_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def filled_in(client: Client, url: str, model: type[Page], **values: Any) -> QueryDict:
    """What the browser would send: the form as rendered, with ``values`` typed in.

    Streams come without their JavaScript, so they are empty unless given.
    """
    data = querydict_from_html(
        client.get(url).content.decode(), form_id="page-edit-form"
    )
    for name in STREAMS.get(model.__name__, []):
        values.setdefault(name, streamfield([]))
    for key, value in nested_form_data(values).items():
        data[key] = value
    return data


def errors_of(response: Any) -> dict[str, list[str]]:
    """The messages at the fields; empty when the form was taken."""
    context = response.context or {}
    return dict(context["form"].errors) if "form" in context else {}
