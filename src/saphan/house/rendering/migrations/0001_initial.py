import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Spent',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('characters', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Rendering',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_type', models.CharField(help_text="label of the record's model", max_length=80)),
                ('subject_id', models.BigIntegerField()),
                ('lang', models.CharField(max_length=10)),
                ('source_lang', models.CharField(max_length=10)),
                ('state', models.CharField(choices=[('wanted', 'Wanted'), ('drafted', 'Drafted'), ('in_review', 'Waits for a second person'), ('approved', 'Approved'), ('set_aside', 'Set aside')], default='wanted', max_length=10)),
                ('demand', models.PositiveIntegerField(default=0, help_text='readers who asked for it')),
                ('sentences', models.JSONField(default=dict, help_text='field -> list of {s, t, o}')),
                ('digest', models.CharField(blank=True, help_text='of the source it was made from', max_length=64)),
                ('stale', models.BooleanField(default=False, help_text='approved, and the original changed since')),
                ('version', models.PositiveIntegerField(default=1, help_text='grows with every saved change')),
                ('writers', models.JSONField(default=list, help_text='references of who wrote words of it')),
                ('claimed', models.DateTimeField(null=True)),
                ('approved_by', models.CharField(blank=True, max_length=24)),
                ('remark', models.CharField(blank=True, help_text='why it was sent back', max_length=1000)),
                ('minutes', models.PositiveIntegerField(default=0, help_text='told by those who worked on it')),
                ('machine', models.CharField(blank=True, choices=[('', 'Not asked for'), ('asked', 'A machine draft is asked for'), ('failed', 'The machine could not')], default='', max_length=6)),
                ('provider', models.CharField(blank=True, help_text='which machine drafted it', max_length=120)),
                ('trouble', models.CharField(blank=True, help_text="kind of the machine's error", max_length=40)),
                ('asked', models.DateTimeField(auto_now_add=True)),
                ('since', models.DateTimeField(help_text='in this state', null=True)),
                ('claimed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='renderings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['lang', 'state', '-demand'], name='rendering_r_lang_dbef1a_idx'), models.Index(fields=['machine'], name='rendering_r_machine_90ca1a_idx')],
                'constraints': [models.UniqueConstraint(fields=('subject_type', 'subject_id', 'lang'), name='rendering_once')],
            },
        ),
    ]
