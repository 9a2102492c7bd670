from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("meetings", "0004_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="automatic",
            field=models.PositiveSmallIntegerField(
                default=0,
                verbose_name="Publish a mended plan at once if it changes at most so many meetings"),
        ),
        migrations.AddField(
            model_name="plan",
            name="attempts",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="how often it was begun: more than once after a restart"),
        ),
    ]
