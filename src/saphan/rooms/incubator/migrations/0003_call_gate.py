from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incubator', '0002_call_extension'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='findings',
            field=models.JSONField(blank=True, default=list, help_text='what the quality gate found when it was submitted'),
        ),
        migrations.AddField(
            model_name='call',
            name='objection',
            field=models.CharField(blank=True, help_text='why the author thinks right what the gate refuses', max_length=1000),
        ),
    ]
