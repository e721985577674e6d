from django.db import migrations, models

from junto.search import engines


def _run(editor, statements):
    for statement in statements:
        editor.execute(statement, params=None)


def build(apps, editor):
    _run(editor, _engine(editor).create())


def take_away(apps, editor):
    _run(editor, _engine(editor).drop())


def _engine(editor):
    return engines.PostgreSQL() if editor.connection.vendor == "postgresql" else engines.SQLite()


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="IndexedDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("label", models.CharField(help_text="public, or who may find it: community:3", max_length=80)),
                ("scope", models.CharField(blank=True, max_length=100)),
                ("scope_name", models.CharField(blank=True, max_length=200)),
                ("author", models.CharField(blank=True, max_length=200)),
                (
                    "author_key",
                    models.CharField(blank=True, help_text="the author, folded for comparing", max_length=220),
                ),
                ("agency", models.CharField(blank=True, max_length=250)),
                (
                    "agency_key",
                    models.CharField(
                        blank=True, help_text="the agency, folded, one blank around each word", max_length=270
                    ),
                ),
                ("at", models.DateTimeField(blank=True, null=True)),
                ("url", models.CharField(max_length=500)),
                ("title", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="documents_by_date"),
                    models.Index(fields=["scope", "-at"], name="documents_of_scope"),
                ],
            },
        ),
        migrations.RunPython(build, take_away),
    ]
