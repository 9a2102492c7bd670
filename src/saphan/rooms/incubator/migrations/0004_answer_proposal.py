from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("incubator", "0003_call_gate")]

    operations = [
        migrations.AddField(
            model_name="answer",
            name="proposal",
            field=models.CharField(blank=True, default="", help_text="the state that is proposed for it, until the decision is announced", max_length=10),
            preserve_default=False,
        ),
    ]
