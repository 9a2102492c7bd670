import saphan.ground.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('incubator', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='key',
            field=models.SlugField(help_text='identifier that import and export use', max_length=80, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='call',
            name='organisation_kind',
            field=models.CharField(blank=True, help_text='as the author said it, until the organisation has a record of its own', max_length=12, verbose_name='Kind of organisation'),
        ),
        migrations.AddField(
            model_name='call',
            name='extended',
            field=models.DateTimeField(help_text='when the deadline was moved, once', null=True),
        ),
        migrations.AddField(
            model_name='call',
            name='extended_because',
            field=saphan.ground.text.TextField(blank=True, default=saphan.ground.text.Text, limit=1000),
        ),
    ]
