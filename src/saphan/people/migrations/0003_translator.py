from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_cache'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='role',
            name='role_once',
        ),
        migrations.AddField(
            model_name='role',
            name='lang',
            field=models.CharField(blank=True, help_text="A translator's language, as BCP 47.", max_length=10),
        ),
        migrations.AlterField(
            model_name='decision',
            name='role',
            field=models.CharField(blank=True, choices=[('visitor', 'Visitor'), ('vendor', 'Vendor'), ('liaison_officer', 'Liaison officer'), ('translator', 'Translator'), ('clerk', 'Clerk'), ('programme_manager', 'Programme manager'), ('director', 'Director'), ('administrator', 'Administrator')], max_length=20),
        ),
        migrations.AlterField(
            model_name='role',
            name='name',
            field=models.CharField(choices=[('visitor', 'Visitor'), ('vendor', 'Vendor'), ('liaison_officer', 'Liaison officer'), ('translator', 'Translator'), ('clerk', 'Clerk'), ('programme_manager', 'Programme manager'), ('director', 'Director'), ('administrator', 'Administrator')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.UniqueConstraint(condition=models.Q(('economy__isnull', True)), fields=('person', 'name', 'lang'), name='role_once'),
        ),
    ]
