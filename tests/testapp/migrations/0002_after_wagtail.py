"""What the base page itself points at: locales, translations and revisions."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from wagtail.models import (
    BootstrapLocaleField,
    BootstrapTranslatableModel,
    BootstrapTranslationKeyField,
)


def pointer_to_revision(name: str) -> migrations.AddField:
    return migrations.AddField(
        model_name="basepage",
        name=f"{name}_revision",
        field=models.ForeignKey(
            blank=True,
            editable=False,
            null=True,
            on_delete=django.db.models.deletion.SET_NULL,
            related_name="+",
            to="wagtailcore.revision",
            verbose_name=f"{name} revision",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("testapp", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        BootstrapLocaleField("testapp.BasePage"),
        BootstrapTranslationKeyField("testapp.BasePage"),
        BootstrapTranslatableModel("testapp.BasePage"),
        pointer_to_revision("latest"),
        pointer_to_revision("live"),
        migrations.AlterField(
            model_name="basepage",
            name="locale",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="wagtailcore.locale",
                verbose_name="locale",
            ),
        ),
        migrations.AlterField(
            model_name="basepage",
            name="translation_key",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.AlterUniqueTogether(
            name="basepage",
            unique_together={("translation_key", "locale")},
        ),
    ]
