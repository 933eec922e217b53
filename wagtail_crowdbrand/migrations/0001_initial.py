"""Made on Wagtail 7.4; page and image models stay swappable."""

import uuid

import django.db.models.deletion
import django.db.models.functions.text
import swapper
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models
from wagtail.images import get_image_model_string

import wagtail_crowdbrand.models.submission
import wagtail_crowdbrand.models.upload


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        swapper.dependency("wagtailcore", "Page"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        migrations.swappable_dependency(get_image_model_string()),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BriefCounter",
            fields=[
                ("brief_key", models.UUIDField(primary_key=True, serialize=False)),
                ("visible_count", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "has_unpublished_changes",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        verbose_name="has unpublished changes",
                    ),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(
                        blank=True,
                        db_index=True,
                        null=True,
                        verbose_name="first published at",
                    ),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last published at"
                    ),
                ),
                (
                    "go_live_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="go live date/time"
                    ),
                ),
                (
                    "expire_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="expiry date/time"
                    ),
                ),
                (
                    "expired",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="expired"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        default=wagtail_crowdbrand.models.submission.new_code,
                        max_length=9,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                (
                    "brief_key",
                    models.UUIDField(help_text="translation_key of the brief."),
                ),
                (
                    "lifecycle",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="lifecycle",
                    ),
                ),
                (
                    "moderation",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("approved", "Approved"),
                            ("changes_requested", "Changes requested"),
                            ("rejected", "Rejected"),
                            ("spam", "Spam"),
                            ("hidden", "Hidden"),
                        ],
                        default="pending",
                        max_length=20,
                        verbose_name="moderation",
                    ),
                ),
                (
                    "live",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="approved once"
                    ),
                ),
                (
                    "title",
                    models.CharField(blank=True, max_length=120, verbose_name="title"),
                ),
                ("summary", models.TextField(blank=True, verbose_name="description")),
                (
                    "link",
                    models.URLField(blank=True, max_length=500, verbose_name="link"),
                ),
                (
                    "third_party",
                    models.TextField(blank=True, verbose_name="material by others"),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="language"
                    ),
                ),
                (
                    "answers",
                    models.JSONField(blank=True, default=list, verbose_name="answers"),
                ),
                (
                    "images",
                    models.JSONField(blank=True, default=list, verbose_name="pictures"),
                ),
                ("created_at", models.DateTimeField(verbose_name="begun")),
                (
                    "submitted_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="received"
                    ),
                ),
                ("is_late", models.BooleanField(default=False, verbose_name="late")),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="confirmed"
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="withdrawn"
                    ),
                ),
                (
                    "erased_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Since then only the code, the dates and the decision are left.",
                        null=True,
                        verbose_name="erased",
                    ),
                ),
                (
                    "visible_from",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="visible from"
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        help_text="What the contributor read last when it was not shown.",
                        verbose_name="statement of reasons",
                    ),
                ),
                (
                    "suspicion",
                    models.CharField(
                        blank=True,
                        editable=False,
                        max_length=200,
                        verbose_name="suspicious because",
                    ),
                ),
                (
                    "nonce",
                    models.CharField(
                        default=wagtail_crowdbrand.models.submission.new_nonce,
                        editable=False,
                        max_length=32,
                    ),
                ),
                (
                    "brief_page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=swapper.get_model_name("wagtailcore", "Page"),
                        verbose_name="brief",
                    ),
                ),
                (
                    "campaign_page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=swapper.get_model_name("wagtailcore", "Page"),
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "submission",
                "verbose_name_plural": "submissions",
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Contributor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "email",
                    models.EmailField(max_length=254, verbose_name="e-mail address"),
                ),
                (
                    "name",
                    models.CharField(blank=True, max_length=120, verbose_name="name"),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True, max_length=20, verbose_name="language"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="known since")),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="crowdbrand_contributor",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
            ],
            options={
                "verbose_name": "contributor",
                "verbose_name_plural": "contributors",
                "permissions": [
                    ("view_contact", "Can see the address of a contributor")
                ],
            },
        ),
        migrations.CreateModel(
            name="GalleryPlace",
            fields=[
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="place",
                        serialize=False,
                        to="wagtail_crowdbrand.submission",
                    ),
                ),
                ("brief_key", models.UUIDField()),
                ("rank", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SubmissionPersonal",
            fields=[
                (
                    "submission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="personal",
                        serialize=False,
                        to="wagtail_crowdbrand.submission",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        help_text="As typed; empty once it is confirmed and the contributor known.",
                        max_length=254,
                        verbose_name="e-mail address",
                    ),
                ),
                (
                    "credit_name",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="credited as"
                    ),
                ),
                (
                    "co_authors",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="co-authors"
                    ),
                ),
                ("pending_credit_name", models.CharField(blank=True, max_length=120)),
                ("pending_co_authors", models.CharField(blank=True, max_length=300)),
                (
                    "answers",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="Like Submission.answers; personal fields.",
                    ),
                ),
            ],
            options={
                "verbose_name": "personal data of a submission",
            },
        ),
        migrations.AddField(
            model_name="submission",
            name="contributor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="submissions",
                to="wagtail_crowdbrand.contributor",
                verbose_name="contributor",
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="latest_revision",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.revision",
                verbose_name="latest revision",
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="live_revision",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.revision",
                verbose_name="live revision",
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="page",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="crowdbrand_submission",
                to=swapper.get_model_name("wagtailcore", "Page"),
                verbose_name="page",
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="shown_revision",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The revision its page shows; behind live_revision: to be published.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtailcore.revision",
            ),
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=30, verbose_name="kind")),
                ("facts", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(verbose_name="written")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="attempts"
                    ),
                ),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                (
                    "error",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="last error"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="wagtail_crowdbrand.submission",
                        verbose_name="submission",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        help_text="Of mails to moderators.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
            },
        ),
        migrations.CreateModel(
            name="ModerationTask",
            fields=[
                (
                    "task_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.task",
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        help_text="Pages/snippets at this step in a workflow will be moderated or approved by these groups of users",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
            ],
            options={
                "verbose_name": "moderation of submissions",
                "verbose_name_plural": "moderations of submissions",
            },
            bases=("wagtailcore.task",),
        ),
        migrations.CreateModel(
            name="TermsVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("content", models.JSONField(verbose_name="content")),
                (
                    "digest",
                    models.CharField(
                        help_text="SHA-256 of the content.", max_length=64
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="valid from")),
                (
                    "campaign_page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=swapper.get_model_name("wagtailcore", "Page"),
                    ),
                ),
            ],
            options={
                "verbose_name": "version of the terms",
                "verbose_name_plural": "versions of the terms",
            },
        ),
        migrations.AddField(
            model_name="submission",
            name="terms",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wagtail_crowdbrand.termsversion",
                verbose_name="terms accepted",
            ),
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "file",
                    models.FileField(
                        storage=wagtail_crowdbrand.models.upload.private_storage,
                        upload_to=wagtail_crowdbrand.models.upload.random_name,
                    ),
                ),
                (
                    "sha256",
                    models.CharField(
                        help_text="Of the re-encoded file.", max_length=64
                    ),
                ),
                ("size", models.PositiveIntegerField(help_text="Bytes.")),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField()),
                (
                    "image",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=get_image_model_string(),
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="wagtail_crowdbrand.submission",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="contributor",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("user__isnull", True)),
                name="crowdbrand_one_guest_per_email",
            ),
        ),
        migrations.AddConstraint(
            model_name="galleryplace",
            constraint=models.UniqueConstraint(
                fields=("brief_key", "rank"), name="crowdbrand_one_rank_each"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", True)),
                fields=["due_at"],
                name="crowdbrand_outbox",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["user", "kind", "-created_at"], name="crowdbrand_digests"
            ),
        ),
        migrations.AddConstraint(
            model_name="termsversion",
            constraint=models.UniqueConstraint(
                fields=("campaign_page", "number"), name="crowdbrand_terms_number"
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                models.F("brief_key"),
                models.OrderBy(models.F("visible_from"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("visible_from__isnull", False)),
                name="crowdbrand_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("lifecycle", "submitted")),
                fields=["moderation", "submitted_at", "id"],
                name="crowdbrand_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                fields=["campaign_page", "-submitted_at", "-id"],
                name="crowdbrand_listing",
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                fields=["-submitted_at", "-id"], name="crowdbrand_listing_all"
            ),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                fields=["contributor", "brief_key"], name="crowdbrand_per_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("visible_from__isnull", True),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("lifecycle", "submitted"),
                        ("live", True),
                    ),
                    _connector="OR",
                ),
                name="crowdbrand_visible_only_when_approved",
            ),
        ),
    ]
