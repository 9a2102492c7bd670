"""What the staff note of a registration, for instance why it was taken when all places were."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial")]

    operations = [migrations.AddField("party", "remark", models.CharField(
        blank=True, max_length=300, help_text="of the staff, for the staff"))]
