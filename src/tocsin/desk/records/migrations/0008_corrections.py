"""What people correct of a reading stands beside it, and refuses every change and removal."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSE = """
CREATE FUNCTION records_keep_corrections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'corrections of readings are append-only: % is refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER correction_is_append_only BEFORE UPDATE OR DELETE ON records_correction
    FOR EACH ROW EXECUTE FUNCTION records_keep_corrections();
CREATE TRIGGER corrections_are_not_truncated BEFORE TRUNCATE ON records_correction
    FOR EACH STATEMENT EXECUTE FUNCTION records_keep_corrections();
"""

ALLOW = """
DROP TRIGGER correction_is_append_only ON records_correction;
DROP TRIGGER corrections_are_not_truncated ON records_correction;
DROP FUNCTION records_keep_corrections();
"""


class Migration(migrations.Migration):
    """Adds the table and its triggers."""

    dependencies = [
        ("records", "0007_drills"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("body", models.JSONField(help_text="a correcting.Labels, and the reason")),
                ("digest", models.CharField(max_length=64)),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        help_text="that gave the right to it",
                        size=None,
                    ),
                ),
                ("corrected_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="records.statement",
                    ),
                ),
            ],
            options={"ordering": ["version"]},
        ),
        migrations.AddConstraint(
            "correction",
            models.UniqueConstraint(
                fields=("statement", "version"), name="a_correction_has_its_version"
            ),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
