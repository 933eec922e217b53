"""Commands say what they did."""

from __future__ import annotations

import os
import subprocess
import sys

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
    assert set(group.permissions.values_list("codename", flat=True)) == {
        "access_admin",
        "add_moderationreason",
        "change_moderationreason",
        "change_contributor",
    }


@pytest.mark.postgres
def test_setup_makes_the_index_that_wagtails_search_has_not(capsys):
    call_command("crowdbrand_setup")
    assert "Made: index for Wagtail’s search" in capsys.readouterr().out
    call_command("crowdbrand_setup")
    assert "index" not in capsys.readouterr().out


@pytest.mark.postgres
def test_setup_makes_no_index_for_a_search_of_another_kind(capsys, settings):
    other = "modelsearch.backends.database.fallback"
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": other}}
    call_command("crowdbrand_setup")
    assert "index" not in capsys.readouterr().out


def test_setup_leaves_a_workflow_of_ones_own(capsys):
    call_command("crowdbrand_setup")
    Workflow.objects.filter(name="Moderation of submissions").update(name="Ours")
    capsys.readouterr()
    call_command("crowdbrand_setup")
    assert "Already there: workflow “Ours”" in capsys.readouterr().out


def test_ticking_on_ends_with_whoever_started_it():
    """A shell starts it and dies, as the demo's does; nothing may be left running.

    There are no tables, so each tick fails, says so, and is tried again.
    """
    tick = f"{sys.executable} -m django crowdbrand_tick --every 0.2"
    shell = subprocess.Popen(
        ["/bin/sh", "-c", f"{tick} 2>&1 & exec sleep 60"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    failed = "This tick failed; the next one tries again."
    for _number in range(2):
        assert any(failed in line for line in iter(shell.stdout.readline, ""))
    shell.kill()
    # Its output ends when nobody is left who could write.
    shell.communicate(timeout=30)
