"""Messages to the public have numbers and ends; alerts from elsewhere their refusal and answer."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Adds the columns, and what the database itself holds an approval to."""

    dependencies = [("records", "0004_blue_answers_stay")]

    operations = [
        migrations.AddField(
            "publication",
            "number",
            models.CharField(
                default="",
                help_text="the same for all versions of the message",
                max_length=20,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "publication",
            "version",
            models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddField(
            "publication",
            "kind",
            models.CharField(
                choices=[
                    ("alert", "alert"),
                    ("update", "update"),
                    ("correction", "correction"),
                    ("cancel", "cancel"),
                ],
                default="alert",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "publication", "ended_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "publication", "ended_because", models.CharField(blank=True, max_length=200)
        ),
        migrations.AddField(
            "publication",
            "stood_alone_at",
            models.DateTimeField(
                blank=True, help_text="when a task said that its bulletin is over", null=True
            ),
        ),
        migrations.AddConstraint(
            "publication",
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None, cap=None)
                | Q(
                    approved_at__isnull=False,
                    approved_by__isnull=False,
                    cap__isnull=False,
                    refused_at=None,
                ),
                name="an_approval_is_whole",
            ),
        ),
        migrations.AddConstraint(
            "publication",
            models.UniqueConstraint(
                fields=("number", "version"), name="a_public_version_stands_once"
            ),
        ),
        migrations.AddField(
            "foreignalert",
            "name",
            models.CharField(
                blank=True,
                help_text="of the file, or the address in the feed",
                max_length=500,
            ),
        ),
        migrations.AddField(
            "foreignalert",
            "refused_because",
            models.TextField(
                blank=True,
                help_text="why the bytes could not be used; then nothing else was read in them",
            ),
        ),
        migrations.AddField(
            "foreignalert",
            "answer_number",
            models.CharField(blank=True, db_index=True, max_length=20),
        ),
        migrations.AddField(
            "foreignalert",
            "answer_left_at",
            models.DateTimeField(
                blank=True, help_text="when it was written beside the file", null=True
            ),
        ),
        migrations.AddField(
            "key",
            "exchanges_cap",
            models.BooleanField(
                default=False, help_text="may read the center's CAP messages and send it some"
            ),
        ),
    ]
