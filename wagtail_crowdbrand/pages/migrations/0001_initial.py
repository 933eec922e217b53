"""Made on Wagtail 7.4; page and image models stay swappable."""

import django.core.validators
import django.db.models.deletion
import wagtail.contrib.routable_page.models
import wagtail.fields
from django.db import migrations, models
from wagtail.images import get_image_model_string

import wagtail_crowdbrand.models.campaign


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(get_image_model_string()),
    ]

    operations = [
        migrations.CreateModel(
            name="BriefPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "deliverable_kind",
                    models.CharField(
                        choices=[
                            ("name", "Name"),
                            ("tagline", "Tagline"),
                            ("logo", "Logo"),
                            ("visual_direction", "Visual direction"),
                            ("campaign_concept", "Campaign concept"),
                        ],
                        default="name",
                        max_length=20,
                        verbose_name="what you ask for",
                    ),
                ),
                (
                    "challenge",
                    models.TextField(
                        help_text="The task in two or three sentences. Shown first, and on cards.",
                        verbose_name="challenge",
                    ),
                ),
                (
                    "background",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="What people should know before they start.",
                        verbose_name="background",
                    ),
                ),
                (
                    "audience",
                    models.TextField(
                        blank=True, help_text="Who it is for.", verbose_name="audience"
                    ),
                ),
                (
                    "tone",
                    models.TextField(
                        blank=True,
                        help_text="How it should sound, look or feel.",
                        verbose_name="tone",
                    ),
                ),
                (
                    "must_haves",
                    models.TextField(
                        blank=True,
                        help_text="One on each line.",
                        verbose_name="must-haves",
                    ),
                ),
                (
                    "no_gos",
                    models.TextField(
                        blank=True, help_text="One on each line.", verbose_name="no-gos"
                    ),
                ),
                (
                    "resources",
                    wagtail.fields.RichTextField(
                        blank=True,
                        help_text="Links and files people may use.",
                        verbose_name="resources",
                    ),
                ),
                (
                    "criteria",
                    models.TextField(
                        help_text="One criterion on each line.",
                        verbose_name="how ideas are judged",
                    ),
                ),
                (
                    "max_per_contributor",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="ideas per person",
                    ),
                ),
                (
                    "max_images",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="0 if words are enough.",
                        validators=[django.core.validators.MaxValueValidator(10)],
                        verbose_name="pictures per idea",
                    ),
                ),
                (
                    "min_images",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="How many pictures an idea must have.",
                        validators=[django.core.validators.MaxValueValidator(10)],
                        verbose_name="at least",
                    ),
                ),
                (
                    "max_summary_length",
                    models.PositiveSmallIntegerField(
                        default=600,
                        help_text="In characters.",
                        validators=[
                            django.core.validators.MinValueValidator(50),
                            django.core.validators.MaxValueValidator(5000),
                        ],
                        verbose_name="length of the description",
                    ),
                ),
                (
                    "answer_fields",
                    wagtail.fields.StreamField(
                        [
                            ("short_text", 5),
                            ("long_text", 6),
                            ("choice", 9),
                            ("link", 10),
                        ],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Question", "max_length": 150},
                            ),
                            1: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Shown below the question.",
                                    "label": "Help text",
                                    "max_length": 300,
                                    "required": False,
                                },
                            ),
                            2: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {"label": "Must be answered", "required": False},
                            ),
                            3: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [
                                        ("public", "Everybody"),
                                        ("jury", "Jury and staff"),
                                        ("staff", "Staff only"),
                                    ],
                                    "label": "Who can read the answer",
                                },
                            ),
                            4: (
                                "wagtail.blocks.BooleanBlock",
                                (),
                                {
                                    "help_text": "The answer says something about a person. It is kept apart from the idea, left out of exports and erased with the contributor.",
                                    "label": "Personal data",
                                    "required": False,
                                },
                            ),
                            5: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("label", 0),
                                        ("help_text", 1),
                                        ("required", 2),
                                        ("visibility", 3),
                                        ("personal", 4),
                                    ]
                                ],
                                {"icon": "edit", "label": "Short text"},
                            ),
                            6: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("label", 0),
                                        ("help_text", 1),
                                        ("required", 2),
                                        ("visibility", 3),
                                        ("personal", 4),
                                    ]
                                ],
                                {"icon": "pilcrow", "label": "Long text"},
                            ),
                            7: ("wagtail.blocks.CharBlock", (), {"max_length": 100}),
                            8: (
                                "wagtail.blocks.ListBlock",
                                (7,),
                                {"default": ["", ""], "label": "Options", "min_num": 2},
                            ),
                            9: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("label", 0),
                                        ("help_text", 1),
                                        ("required", 2),
                                        ("visibility", 3),
                                        ("personal", 4),
                                        ("options", 8),
                                    ]
                                ],
                                {},
                            ),
                            10: (
                                "wagtail.blocks.StructBlock",
                                [
                                    [
                                        ("label", 0),
                                        ("help_text", 1),
                                        ("required", 2),
                                        ("visibility", 3),
                                        ("personal", 4),
                                    ]
                                ],
                                {"icon": "link", "label": "Link"},
                            ),
                        },
                        help_text="A title and a description are always asked for, and pictures if you allow them.",
                        verbose_name="further questions",
                    ),
                ),
            ],
            options={
                "verbose_name": "brief",
                "verbose_name_plural": "briefs",
            },
            bases=(
                wagtail.contrib.routable_page.models.RoutablePageMixin,
                "wagtailcore.page",
                models.Model,
            ),
        ),
        migrations.CreateModel(
            name="CampaignIndexPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "introduction",
                    models.TextField(
                        blank=True,
                        help_text="One or two sentences above the list of campaigns.",
                        verbose_name="introduction",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign index",
                "verbose_name_plural": "campaign indexes",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="SubmissionPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "curators_note",
                    models.TextField(
                        blank=True,
                        help_text="Your words about this idea. Shown as yours, below it.",
                        verbose_name="curator's note",
                    ),
                ),
            ],
            options={
                "verbose_name": "submission page",
                "verbose_name_plural": "submission pages",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="CampaignPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                (
                    "brand_name",
                    models.CharField(
                        help_text="Whose brand it is, as people say it.",
                        max_length=120,
                        verbose_name="brand",
                    ),
                ),
                (
                    "summary",
                    models.CharField(
                        help_text="One sentence. Shown on cards, in search results and when shared.",
                        max_length=300,
                        verbose_name="summary",
                    ),
                ),
                (
                    "story",
                    wagtail.fields.StreamField(
                        [("heading", 0), ("paragraph", 1), ("image", 2), ("quote", 5)],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "form_classname": "title",
                                    "icon": "title",
                                    "label": "Heading",
                                    "max_length": 120,
                                },
                            ),
                            1: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": [
                                        "h3",
                                        "bold",
                                        "italic",
                                        "ol",
                                        "ul",
                                        "link",
                                        "document-link",
                                    ],
                                    "icon": "pilcrow",
                                    "label": "Text",
                                },
                            ),
                            2: (
                                "wagtail.images.blocks.ImageBlock",
                                [],
                                {"label": "Picture"},
                            ),
                            3: ("wagtail.blocks.TextBlock", (), {"label": "Quote"}),
                            4: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "Who said it", "required": False},
                            ),
                            5: (
                                "wagtail.blocks.StructBlock",
                                [[("quote", 3), ("attribution", 4)]],
                                {},
                            ),
                        },
                        help_text="Tell people about the brand and why you ask them.",
                        verbose_name="story",
                    ),
                ),
                (
                    "opens_at",
                    models.DateTimeField(
                        help_text="From then on people can send ideas.",
                        null=True,
                        verbose_name="opens",
                    ),
                ),
                (
                    "closes_at",
                    models.DateTimeField(
                        help_text="The deadline everybody sees.",
                        null=True,
                        verbose_name="closes",
                    ),
                ),
                (
                    "grace_minutes",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Ideas sent this many minutes after the deadline are still accepted, and marked as late.",
                        validators=[django.core.validators.MaxValueValidator(120)],
                        verbose_name="minutes of grace",
                    ),
                ),
                (
                    "decision_due_at",
                    models.DateTimeField(
                        help_text="By then you announce what was chosen and why. Shown to everybody; if it passes, the campaign says so.",
                        null=True,
                        verbose_name="decision due",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Fill this in when the decision has been announced.",
                        null=True,
                        verbose_name="decided",
                    ),
                ),
                (
                    "archived_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="From then on the campaign can be read, and nothing else.",
                        null=True,
                        verbose_name="archived",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        choices=wagtail_crowdbrand.models.campaign.time_zone_choices,
                        default=wagtail_crowdbrand.models.campaign.default_time_zone,
                        help_text="Dates are shown to the public in this time zone, with its name.",
                        max_length=64,
                        verbose_name="time zone",
                    ),
                ),
                (
                    "visibility_mode",
                    models.CharField(
                        choices=[
                            ("open", "Open: approved submissions show at once"),
                            (
                                "sealed",
                                "Sealed: all approved submissions show together",
                            ),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                    ),
                ),
                (
                    "reveals_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                (
                    "revealed_at",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                (
                    "hold",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Running as scheduled"),
                            ("paused", "Paused"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="",
                        help_text="A paused or cancelled campaign takes no ideas and says why.",
                        max_length=10,
                        verbose_name="operation",
                    ),
                ),
                (
                    "hold_note",
                    models.CharField(
                        blank=True,
                        help_text="Why it is paused or cancelled, and what happens next.",
                        max_length=300,
                        verbose_name="public note",
                    ),
                ),
                (
                    "prize",
                    models.TextField(
                        help_text="What those who are chosen get. If it is nothing, say so.",
                        verbose_name="prize or budget",
                    ),
                ),
                (
                    "effort",
                    models.CharField(
                        help_text="How much work you expect, for example “an evening”.",
                        max_length=200,
                        verbose_name="expected effort",
                    ),
                ),
                (
                    "picks",
                    models.PositiveSmallIntegerField(
                        help_text="How many you intend to choose per brief.",
                        null=True,
                        verbose_name="ideas to be picked",
                    ),
                ),
                (
                    "picks_may_be_none",
                    models.BooleanField(
                        default=False,
                        help_text="Tick this if you reserve the right to choose nothing.",
                        verbose_name="possibly none",
                    ),
                ),
                (
                    "who_decides",
                    models.TextField(
                        help_text="Names or roles, so that people know.",
                        verbose_name="who decides",
                    ),
                ),
                (
                    "vote_role",
                    models.CharField(
                        choices=[
                            ("none", "There is no public vote"),
                            ("advisory", "The vote advises those who decide"),
                            ("binding", "The vote decides"),
                        ],
                        default="none",
                        help_text="Whether the public votes, and whether that binds you.",
                        max_length=10,
                        verbose_name="public vote",
                    ),
                ),
                (
                    "fallback",
                    models.TextField(
                        help_text="What happens then. This is a promise.",
                        verbose_name="if no decision is made in time",
                    ),
                ),
                (
                    "rights",
                    models.TextField(
                        help_text="Who may use ideas that are chosen, and those that are not.",
                        verbose_name="who owns what",
                    ),
                ),
                (
                    "terms",
                    models.TextField(
                        help_text="What contributors accept when they send an idea. Every change makes a new version; each idea keeps the version its contributor accepted.",
                        verbose_name="terms",
                    ),
                ),
                (
                    "cover",
                    models.ForeignKey(
                        blank=True,
                        help_text="Shown large at the top of the campaign and on its card.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=get_image_model_string(),
                        verbose_name="cover picture",
                    ),
                ),
                (
                    "moderation_workflow",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty to use the default one.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.workflow",
                        verbose_name="moderation workflow",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
            },
            bases=("wagtailcore.page", models.Model),
        ),
    ]
