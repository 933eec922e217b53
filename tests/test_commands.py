"""Commands say what they did."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import Collection, Workflow

from wagtail_crowdbrand.models import ModerationTask

pytestmark = pytest.mark.django_db


def test_setup_makes_everything_once(capsys):
    call_command("crowdbrand_setup")
    first = capsys.readouterr().out
    call_command("crowdbrand_setup")
    second = capsys.readouterr().out

    assert "Made: group “Campaign moderators”" in first
    assert "Made: workflow “Moderation of submissions”" in first
    assert "Already there: group “Campaign moderators”" in second
    assert "Already there: workflow “Moderation of submissions”" in second
    assert "Links in mails begin with: http://localhost" in second
    assert Group.objects.filter(name="Campaign moderators").count() == 1
    assert ModerationTask.objects.count() == 1
    assert Workflow.objects.filter(name="Moderation of submissions").count() == 1
    assert Collection.objects.filter(name="Campaign submissions").count() == 1
    group = Group.objects.get(name="Campaign moderators")
    assert list(group.permissions.values_list("codename", flat=True)) == [
        "access_admin"
    ]


def test_setup_leaves_a_workflow_of_ones_own(capsys):
    call_command("crowdbrand_setup")
    Workflow.objects.filter(name="Moderation of submissions").update(name="Ours")
    capsys.readouterr()
    call_command("crowdbrand_setup")
    assert "Already there: workflow “Ours”" in capsys.readouterr().out
