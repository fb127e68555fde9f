"""What the price of an order is computed from, and people's words on pairs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds histories of calls, rosters, and words on pairs."""

    dependencies = [
        ('people', '0003_kinds'),
        ('records', '0009_posture'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='exhibit',
            name='kind',
            field=models.CharField(choices=[('original', 'original recording'), ('call_data', 'call data as received'), ('fragment', 'part of a recording'), ('derivative', 'derivative'), ('cap', 'CAP message'), ('table', 'table of calls or cars')], max_length=10),
        ),
        migrations.CreateModel(
            name='CallHistory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text="the file's, for showing", max_length=120)),
                ('read_at', models.DateTimeField()),
                ('columns', models.JSONField(help_text='which column holds what, as it was declared')),
                ('calls', models.PositiveIntegerField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('kinds', models.JSONField(default=dict, help_text='calls of each type, the most frequent first')),
                ('priorities', models.JSONField(default=dict, help_text='calls of each priority')),
                ('beats', models.JSONField(default=dict, help_text='calls of each beat, the fullest first')),
                ('doubts', models.JSONField(default=list, help_text='what was not believed, in sentences')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('center', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agency')),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.exhibit')),
            ],
            options={
                'verbose_name_plural': 'call histories',
                'ordering': ['-read_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Roster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text="the file's, for showing", max_length=120)),
                ('read_at', models.DateTimeField()),
                ('beats', models.PositiveIntegerField()),
                ('most_cars', models.PositiveIntegerField(help_text='on the road in the fullest hour')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('center', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agency')),
                ('exhibit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.exhibit')),
            ],
            options={
                'ordering': ['-read_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PairingWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('one', models.CharField(help_text="a unit's key; before the other in order", max_length=120)),
                ('other', models.CharField(max_length=120)),
                ('is_pair', models.BooleanField(help_text='together; else never together')),
                ('because', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('center', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agency')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('center', 'one', 'other'), name='one_word_on_a_pair_counts')],
            },
        ),
    ]
