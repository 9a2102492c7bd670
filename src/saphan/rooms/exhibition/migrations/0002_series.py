from django.db import migrations


def go_on_counting(apps, schema_editor):
    """Exhibits' numbers come from a series of the ground from now on: it begins after the last."""
    series, last = apps.get_model('ground', 'Series'), {}
    for number in apps.get_model('exhibition', 'Exhibit').objects.values_list('number', flat=True):
        _prefix, year, position = number.split('-')
        last[int(year)] = max(last.get(int(year), 0), int(position))
    for year, position in last.items():
        series.objects.get_or_create(prefix='EXH', year=year, defaults={'last': position})


class Migration(migrations.Migration):

    dependencies = [
        ('ground', '0003_series'),
        ('exhibition', '0001_initial'),
    ]

    operations = [migrations.RunPython(go_on_counting, migrations.RunPython.noop)]
