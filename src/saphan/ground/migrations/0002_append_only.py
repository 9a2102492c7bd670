"""The database itself refuses to change or delete a fact."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER fact_no_update BEFORE UPDATE ON ground_fact
       BEGIN SELECT RAISE(ABORT, 'a fact is never edited'); END""",
    """CREATE TRIGGER fact_no_delete BEFORE DELETE ON ground_fact
       BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION fact_is_final() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'a fact is never edited or deleted'; END $$""",
    """CREATE TRIGGER fact_no_update BEFORE UPDATE OR DELETE ON ground_fact
       FOR EACH ROW EXECUTE FUNCTION fact_is_final()""",
    """CREATE TRIGGER fact_no_truncate BEFORE TRUNCATE ON ground_fact
       EXECUTE FUNCTION fact_is_final()""",
]


def forward(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def backward(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER fact_no_update")
        schema_editor.execute("DROP TRIGGER fact_no_delete")
    else:
        schema_editor.execute("DROP TRIGGER fact_no_truncate ON ground_fact")
        schema_editor.execute("DROP TRIGGER fact_no_update ON ground_fact")
        schema_editor.execute("DROP FUNCTION fact_is_final()")


class Migration(migrations.Migration):
    dependencies = [("ground", "0001_initial")]
    operations = [migrations.RunPython(forward, backward)]
