"""The demo's logins."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from example_site.showcase.demo import DEMO_LOGINS, DEMO_PASSWORD, DemoLogin

#: Username → groups; “Moderators” is Wagtail's own group for who may publish pages.
GROUPS = {"editor": ["Moderators"], "moderator": ["Campaign moderators"]}


def create_logins() -> None:
    """Make each login once; a changed password stays changed."""
    for login in DEMO_LOGINS:
        _create(login)


def _create(login: DemoLogin) -> None:
    users = get_user_model().objects
    if users.filter(username=login.username).exists():
        return
    make = users.create_superuser if login.username == "admin" else users.create_user
    user = make(login.username, login.email, DEMO_PASSWORD)
    user.first_name, user.last_name = login.full_name.split(" ", 1)
    user.save()
    user.groups.set(Group.objects.filter(name__in=GROUPS.get(login.username, [])))
