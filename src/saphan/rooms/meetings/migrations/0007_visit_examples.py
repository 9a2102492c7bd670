"""Visits and guides of a sample centre are marked as examples."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0006_visits")]

    operations = [
        migrations.AddField("visit", "key", models.SlugField(
            max_length=80, null=True, unique=True,
            help_text="identifier that import and export use")),
        migrations.AddField("visit", "example", models.BooleanField(default=False)),
        migrations.AddField("visitguide", "example", models.BooleanField(default=False)),
    ]
