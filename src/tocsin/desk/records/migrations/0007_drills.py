"""The call of a drill refers to the recording of the case that it replays."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """One recording is one call, and any number of drills."""

    dependencies = [("records", "0006_preflight_asked")]

    operations = [
        migrations.AddField(
            "call",
            "is_drill",
            models.BooleanField(
                default=False, help_text="replays a recorded case: nobody called"
            ),
        ),
        migrations.AlterField(
            "call",
            "recording",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="calls",
                to="records.exhibit",
            ),
        ),
        migrations.AddConstraint(
            "call",
            models.UniqueConstraint(
                condition=models.Q(("is_drill", False)),
                fields=("recording",),
                name="a_recording_is_one_call",
            ),
        ),
    ]
