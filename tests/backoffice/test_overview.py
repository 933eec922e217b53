"""The overview of campaigns as its editors and moderators meet it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, Page

from tests import factories
from tests.models import desk
from tests.models.desk import edit_url, errors_of, filled_in
from wagtail_crowdbrand.domain import appealing, moderating, readiness, setup
from wagtail_crowdbrand.domain.standing import received_over_time
from wagtail_crowdbrand.models import Submission

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def url(name: str, *args) -> str:
    return reverse(f"crowdbrand_overview:{name}", args=args)


def fresh(campaign):
    return type(campaign).objects.get(pk=campaign.pk)


def read(client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def on_my_clock(moment) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def editor(ready, client):
    user = desk.make_editor()
    client.force_login(user)
    return user


def make_team(**fields):
    """A campaign with a workflow of its own, and somebody who moderates it."""
    workflow = factories.make_workflow()
    campaign = factories.make_campaign(moderation_workflow=workflow, **fields)
    return campaign, factories.make_moderator(workflow)


def editor_of(campaign) -> User:
    """Somebody who edits one campaign and no other page."""
    user = User.objects.create_user(f"of-{campaign.slug}")
    group = Group.objects.create(name=f"Editors of {campaign.slug}")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    permission = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(
        group=group, page=campaign, permission=permission
    )
    user.groups.add(group)
    return user


@pytest.mark.parametrize("role", ["moderator", "editor"])
def test_everybody_sees_their_own_campaigns_only(ready, client, role):
    mine, moderator = make_team(title="Mine alone")
    other, _other_moderator = make_team(title="Somebody else's")
    user = moderator if role == "moderator" else editor_of(mine)
    client.force_login(user)
    listed = read(client, url("index"))
    assert "Mine alone" in listed
    assert "Somebody else" not in listed
    assert client.get(url("campaign", mine.pk)).status_code == 200
    assert client.get(url("campaign", other.pk)).url == reverse("wagtailadmin_home")


def test_menu_shows_what_one_may_use(ready):
    campaign, moderator = make_team()
    stranger = User.objects.create_user("stranger")
    stranger.user_permissions.add(Permission.objects.get(codename="access_admin"))
    seen = {}
    for user in (moderator, editor_of(campaign), stranger):
        client = Client()
        client.force_login(user)
        content = client.get(reverse("wagtailadmin_home")).content.decode()
        seen[user] = [
            name
            for name in ("crowdbrand_overview", "crowdbrand_settings")
            if reverse(f"{name}:index") in content
        ]
    assert [*seen.values()] == [
        ["crowdbrand_overview"],
        ["crowdbrand_overview", "crowdbrand_settings"],
        [],
    ]


def test_figures_count_what_was_sent(editor, client, commits):
    campaign = factories.make_campaign()
    brief = factories.make_brief(campaign)
    shown, *_waiting = [factories.make_waiting(brief) for _number in range(3)]
    factories.make_draft(brief)
    factories.make_sent(brief)  # its address is not confirmed
    with commits():
        moderating.approve(shown, actor=factories.make_moderator())
    context = client.get(url("campaign", campaign.pk)).context
    figures = context["standing"].figures
    assert (figures.received, figures.on_show, figures.waiting) == (3, 1, 2)
    assert figures.oldest == _waiting[0].submitted_at
    (row,) = client.get(url("index")).context["standings"]
    assert row.figures == figures


def send_at(brief, *moments) -> None:
    for moment in moments:
        row = factories.make_confirmed(brief)
        Submission.objects.filter(pk=row.pk).update(submitted_at=moment)


def test_chart_has_a_bar_for_each_day_of_the_campaigns_calendar(ready):
    opens = timezone.now().replace(hour=10, minute=0) - 3 * DAY
    zone = {"time_zone": "Pacific/Auckland", "opens_at": opens}
    brief = factories.make_brief(factories.make_campaign(**zone))
    late = opens.replace(hour=23)  # the next day in Auckland, where it is never before
    send_at(brief, late, late, late + DAY)
    bars = received_over_time(brief.campaign, at=opens + 2 * DAY)
    first = opens.astimezone(brief.campaign.zone).date()
    numbers = [bar.number for bar in bars]
    assert [bar.first for bar in bars] == [first + n * DAY for n in range(len(bars))]
    assert sum(numbers) == 3
    expected = {late.astimezone(brief.campaign.zone).date(): 2}
    expected[(late + DAY).astimezone(brief.campaign.zone).date()] = 1
    assert {bar.first: bar.number for bar in bars if bar.number} == expected


def test_long_chart_has_a_bar_for_each_week(ready):
    opens = timezone.now() - 100 * DAY
    brief = factories.make_brief(factories.make_campaign(opens_at=opens))
    send_at(brief, opens + DAY, opens + 8 * DAY, opens + 9 * DAY)
    bars = received_over_time(brief.campaign, at=timezone.now())
    assert len(bars) == 15
    assert [bar.number for bar in bars[:3]] == [1, 2, 0]
    assert bars[0].last - bars[0].first == 6 * DAY


def test_chart_of_nothing_is_no_chart(editor, client):
    campaign = factories.make_campaign()
    assert (
        "<svg" not in read(client, url("campaign", campaign.pk)).split("cb-overview")[1]
    )
    assert all(
        bar.number == 0 for bar in received_over_time(campaign, at=timezone.now())
    )
    announced = factories.make_campaign(opens_at=timezone.now() + DAY)
    assert received_over_time(announced, at=timezone.now()) == []


def test_table_tells_the_numbers_of_the_drawing(editor, client):
    brief = factories.make_brief()
    send_at(brief, timezone.now(), timezone.now())
    content = client.get(url("campaign", brief.campaign.pk)).content.decode()
    table = content.split('class="cb-chart__numbers"')[1].split("</details>")[0]
    cells = [part.split("</td>")[0] for part in table.split('class="cb-number">')[2:]]
    assert cells == ["0", "2"]
    assert content.count('class="cb-chart__bar"') == 1


def codes(campaign) -> set[str]:
    gaps = readiness.gaps_of(fresh(campaign), at=timezone.now())
    return {gap.code for gap in gaps}


def test_nothing_is_missing_from_a_complete_campaign(ready):
    factories.make_moderator()
    campaign = factories.make_campaign(
        cover=factories.make_image(description="A boat at night")
    )
    factories.make_brief(campaign)
    assert codes(campaign) == set()


def test_what_is_missing_is_told(ready):
    soon = {"opens_at": timezone.now() + DAY}
    campaign = factories.make_campaign(live=False, **soon)
    assert codes(campaign) == {"no_cover", "no_brief", "no_moderators"}
    draft = fresh(campaign)
    draft.cover = factories.make_image(description="")
    draft.decision_due_at = None
    draft.closes_at = timezone.now()
    draft.save_revision(clean=False)
    factories.make_brief(campaign, live=False, criteria=" ")
    assert codes(campaign) == {
        "empty",
        "contradiction",
        "past",
        "no_alt",
        "no_brief",
        "no_criteria",
        "no_moderators",
    }


def test_workflow_without_groups_is_told(db):
    campaign = factories.make_campaign()
    assert "no_workflow" in codes(campaign)
    setup.set_up()
    assert "no_moderators" in codes(campaign)
    factories.make_moderator(is_active=False)
    assert "no_moderators" in codes(campaign)
    factories.make_moderator()
    assert "no_moderators" not in codes(campaign)


def test_named_moderators_who_can_review_nothing_are_told(ready):
    factories.make_moderator()  # kept out by the seal
    outsider = factories.make_moderator(factories.make_workflow())
    insider = factories.make_moderator()
    root = User.objects.create_superuser("root")
    campaign = factories.make_sealed_campaign(
        seal_moderation="named",
        seal_moderators=[outsider],
        opens_at=timezone.now() + DAY / 2,
    )
    assert "no_moderators" in codes(campaign)
    for person in (insider, root):
        draft = fresh(campaign)
        draft.seal_moderators = [outsider, person]
        draft.save()
        assert "no_moderators" not in codes(campaign)


def test_each_gap_leads_to_where_it_is_mended(ready, client):
    client.force_login(User.objects.create_superuser("root"))
    campaign = factories.make_campaign(
        live=False, closes_at=None, cover=factories.make_image(description="")
    )
    factories.make_brief(campaign, criteria="", live=False)
    gaps = client.get(url("campaign", campaign.pk)).context["gaps"]
    assert {gap.code for gap, _address in gaps} >= {"empty", "no_alt", "no_criteria"}
    for _gap, address in gaps:
        assert client.get(address).status_code == 200, address


def test_what_waits_is_told_with_a_way_there(ready, client):
    campaign, moderator = make_team(
        closes_at=timezone.now() + DAY, decision_due_at=timezone.now() + 2 * DAY
    )
    factories.make_waiting(factories.make_brief(campaign))
    past = {
        "opens_at": timezone.now() - 3 * DAY,
        "closes_at": timezone.now() - 2 * DAY,
        "decision_due_at": timezone.now() - DAY,
    }
    type(campaign).objects.filter(pk=campaign.pk).update(**past)
    told = {}
    for user in (moderator, editor_of(campaign)):
        client.force_login(user)
        demands = client.get(url("campaign", campaign.pk)).context["demands"]
        told[user] = [(str(link.label), bool(link.url)) for link in demands]
    overdue, waiting = "The decision is overdue.", "1 idea waits for a decision."
    assert [*told.values()] == [
        [(overdue, False), (waiting, True)],
        [(overdue, True), (waiting, False)],
    ]


def test_pause_and_resume_are_forms_with_a_note(editor, client):
    campaign = factories.make_campaign()
    answer = client.post(url("pause", campaign.pk), {"note": ""})
    assert answer.context["form"].errors == {"note": ["This field is required."]}
    answer = client.post(url("pause", campaign.pk), {"note": "A leak."}, follow=True)
    assert "A leak." in answer.content.decode()
    assert "A leak." in client.get(campaign.url).content.decode()
    again = client.post(url("pause", campaign.pk), {"note": "Twice."})
    assert again.context["form"].non_field_errors() == ["This campaign is paused."]
    client.post(url("resume", campaign.pk))
    assert "A leak." not in client.get(campaign.url).content.decode()
    assert fresh(campaign).hold == ""


def test_deed_on_a_page_that_contradicts_itself_is_refused_in_words(editor, client):
    """It was written past the forms, by a script of the site."""
    campaign = factories.make_campaign()
    early = campaign.closes_at - DAY
    type(campaign).objects.filter(pk=campaign.pk).update(decision_due_at=early)
    answer = client.post(url("pause", campaign.pk), {"note": "A leak."})
    assert answer.context["form"].non_field_errors() == [
        "The decision must be due after the campaign has closed."
    ]
    assert answer.context["form"]["note"].value() == "A leak."


def test_cancelling_asks_twice(editor, client):
    campaign = factories.make_campaign()
    client.post(url("cancel", campaign.pk), {"note": "No wind."})
    assert fresh(campaign).hold == ""
    client.post(url("cancel", campaign.pk), {"note": "No wind.", "sure": "on"})
    assert fresh(campaign).hold == "cancelled"


def test_extension_moves_the_decision_along_unless_told_otherwise(editor, client):
    campaign = factories.make_campaign(opens_at=timezone.now() - DAY, time_zone="UTC")
    before = campaign.decision_due_at - campaign.closes_at
    closes = (timezone.now() + 20 * DAY).strftime("%Y-%m-%d 12:00")
    data = {"closes_at": closes, "note": "More time."}
    client.post(url("extend", campaign.pk), data)
    after = fresh(campaign)
    assert on_my_clock(after.closes_at) == closes
    assert after.decision_due_at - after.closes_at == before
    content = read(client, campaign.url)
    assert "More time." in content

    due = (after.closes_at + 2 * DAY).strftime("%Y-%m-%d 12:00")
    closes = (after.closes_at + DAY).strftime("%Y-%m-%d 12:00")
    data = {"closes_at": closes, "decision_due_at": due, "note": "Again."}
    client.post(url("extend", campaign.pk), data)
    assert on_my_clock(fresh(campaign).decision_due_at) == due


def test_extension_without_a_due_date_asks_for_one(editor, client):
    campaign = factories.make_campaign()
    type(campaign).objects.filter(pk=campaign.pk).update(decision_due_at=None)
    data = {"closes_at": "2031-05-01 12:00", "note": "More time."}
    answer = client.post(url("extend", campaign.pk), data)
    assert list(answer.context["form"].errors) == ["decision_due_at"]
    data["decision_due_at"] = "2031-05-02 12:00"
    client.post(url("extend", campaign.pk), data)
    assert on_my_clock(fresh(campaign).closes_at) == "2031-05-01 12:00"


@pytest.mark.parametrize("moment", ["9999-12-31 10:00", "0001-01-01 00:00"])
@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("extend", "closes_at"),
        ("extend", "decision_due_at"),
        ("duplicate", "opens_at"),
        ("put_off", "reveals_at"),
    ],
)
def test_dates_nobody_can_reckon_with_are_refused(editor, client, name, field, moment):
    campaign = factories.make_sealed_campaign()
    data = {"title": "Next", "note": "Later.", "closes_at": "2031-05-01 12:00"}
    answer = client.post(url(name, campaign.pk), data | {field: moment})
    assert list(answer.context["form"].errors) == [field]


@pytest.mark.parametrize("deed", [{}, {"action-publish": "1"}])
@pytest.mark.parametrize("moment", ["9999-12-31 23:00", "0001-01-01 00:00"])
def test_page_refuses_them_in_a_draft_as_well(editor, client, moment, deed):
    campaign = factories.make_sealed_campaign()
    address = edit_url(campaign)
    dates = {"closes_at": moment, "reveals_at": moment}
    data = filled_in(client, address, type(campaign), **dates)
    for name, value in deed.items():
        data[name] = value
    found = errors_of(client.post(address, data))
    assert found["closes_at"] == ["Please give a year from 1900 to 2999."]
    assert found["reveals_at"] == found["closes_at"]


@pytest.mark.parametrize("name", ["campaign", "pause", "remove"])
def test_address_of_no_campaign_is_not_found(editor, client, name):
    assert client.get(url(name, 10**30)).status_code == 404


def test_new_campaign_is_opened_in_its_editor(editor, client):
    campaign = factories.make_brief().campaign
    data = {"title": "Second round", "slug": "", "opens_at": "2031-05-01 10:00"}
    answer = client.post(url("duplicate", campaign.pk), data)
    copy = Page.objects.get(slug="second-round")
    assert answer.url == reverse("wagtailadmin_pages:edit", args=[copy.pk])
    assert client.get(answer.url).status_code == 200
    taken = client.post(url("duplicate", campaign.pk), data)
    message = "There is a page with this address already."
    assert taken.context["form"].non_field_errors() == [message]


@pytest.mark.parametrize("title", ["!!!", "🚀"])
def test_title_without_letters_needs_an_address(editor, client, title):
    campaign = factories.make_campaign()
    data = {"title": title, "slug": "", "opens_at": "2031-05-01 10:00"}
    answer = client.post(url("duplicate", campaign.pk), data)
    assert list(answer.context["form"].errors) == ["slug"]
    client.post(url("duplicate", campaign.pk), data | {"slug": "rocket"})
    assert Page.objects.get(slug="rocket").title == title


def test_campaign_pages_lead_to_their_overview(editor, client):
    brief = factories.make_brief()
    campaign = brief.campaign
    parent = campaign.get_parent().pk
    for address in (
        reverse("wagtailadmin_pages:edit", args=[campaign.pk]),
        reverse("wagtailadmin_explore", args=[campaign.pk]),
        reverse("wagtailadmin_explore", args=[parent]),
    ):
        assert url("campaign", campaign.pk) in client.get(address).content.decode()
    edit = reverse("wagtailadmin_pages:edit", args=[brief.pk])
    assert url("campaign", brief.pk) not in client.get(edit).content.decode()


def test_listing_offers_nothing_that_is_refused_on_an_idea(editor, client, commits):
    shown = factories.make_waiting()
    with commits():
        moderating.approve(shown, actor=factories.make_moderator())
    shown.refresh_from_db()
    content = read(client, reverse("wagtailadmin_explore", args=[shown.brief_page_id]))
    page = shown.page_id
    assert reverse("wagtailadmin_pages:edit", args=[page]) in content
    for deed in ("move", "copy", "delete"):
        assert reverse(f"wagtailadmin_pages:{deed}", args=[page]) not in content


def test_switch_of_policy_is_told(editor, client):
    campaign = factories.make_campaign()
    address = desk.edit_url(campaign)
    model = type(campaign)
    data = desk.filled_in(client, address, model, moderation_policy="after")
    client.post(address, data | {"action-publish": "1"})
    content = read(client, url("campaign", campaign.pk))
    assert "Ideas are reviewed: “After publication”, no longer “Before" in content


def test_same_queries_for_one_campaign_and_three(editor, client, queries_of):
    def look() -> None:
        assert client.get(url("index")).status_code == 200

    factories.make_waiting()
    one = queries_of(look)
    for _number in range(2):
        factories.make_waiting()
    assert queries_of(look) == one

    settings = reverse("crowdbrand_settings:index")
    three = queries_of(lambda: client.get(settings))
    factories.make_campaign()
    assert queries_of(lambda: client.get(settings)) == three


def test_same_queries_for_one_idea_and_three(editor, client, queries_of):
    brief = factories.make_waiting().brief
    address = url("campaign", brief.campaign.pk)
    one = queries_of(lambda: client.get(address))
    for _number in range(2):
        factories.make_waiting(brief)
    assert queries_of(lambda: client.get(address)) == one


def test_objection_leads_to_the_desk_of_who_may_answer_it(ready, client, commits):
    campaign, decider = make_team()
    other = User.objects.create_user("colleague")
    other.groups.set(decider.groups.all())
    row = factories.make_waiting(factories.make_brief(campaign))
    with commits():
        moderating.reject(row, actor=decider, reason="It is not yours.")
    row.refresh_from_db()
    appealing.appeal(row, text="It is.", at=timezone.now() + timedelta(minutes=30))
    desk_url = f"{reverse('crowdbrand_desk:appeals')}?campaign={campaign.pk}"
    shown = {}
    for user in (decider, other, editor_of(campaign)):
        client.force_login(user)
        content = read(client, url("campaign", campaign.pk))
        assert "1 contributor objects to a decision." in content
        told = "You made it, so somebody else answers." in content
        shown[user] = (told, f'href="{desk_url}"' in content)
    assert [*shown.values()] == [(True, False), (False, True), (False, False)]
