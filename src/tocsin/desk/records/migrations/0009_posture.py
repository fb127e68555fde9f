"""Orders of posture, units as they are known, who breaks what."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the tables of the posture."""

    dependencies = [
        ('people', '0003_kinds'),
        ('records', '0008_corrections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(help_text="the unit's key", max_length=120)),
                ('measure', models.CharField(max_length=30)),
                ('persons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, size=None)),
                ('reason', models.TextField()),
                ('since', models.DateTimeField()),
                ('unseen_since', models.DateTimeField(blank=True, null=True)),
                ('unseen', models.JSONField(default=list, help_text='stretches in which nobody knew')),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_because', models.CharField(blank=True, max_length=200)),
                ('written_at', models.DateTimeField(help_text='when it was on record, and so on the pages')),
                ('rung', models.PositiveSmallIntegerField(default=0)),
                ('rung_due_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name_plural': 'breaches',
                'ordering': ['since', 'pk'],
            },
        ),
        migrations.AlterField(
            model_name='delivery',
            name='purpose',
            field=models.CharField(choices=[('bulletin', 'the bulletin itself'), ('ladder', 'somebody has not acknowledged'), ('expiry', 'the bulletin has expired'), ('superseded', 'another bulletin holds instead'), ('order', 'an order of posture'), ('stand_down', 'the order is over'), ('breach', 'somebody is alone against an order')], max_length=12),
        ),
        migrations.CreateModel(
            name='BreachMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(help_text='0 for the first')),
                ('due_at', models.DateTimeField()),
                ('moved_at', models.DateTimeField()),
                ('outcome', models.CharField(max_length=200)),
                ('breach', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='records.breach')),
                ('to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['breach', 'number', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('quote', models.TextField(blank=True, help_text='the words that bear on it, as they were said')),
                ('measures', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('two_to_a_car', 'two_to_a_car'), ('two_cars_to_a_call', 'two_cars_to_a_call'), ('no_solo_breaks', 'no_solo_breaks'), ('no_solo_foot_or_motorcycle', 'no_solo_foot_or_motorcycle'), ('vests', 'vests'), ('badges_covered', 'badges_covered'), ('stations_closed', 'stations_closed')], max_length=30), size=None)),
                ('ground', models.JSONField(blank=True, help_text='a drawn outline, GeoJSON', null=True)),
                ('call_types', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), blank=True, default=list, size=None)),
                ('shifts', models.JSONField(blank=True, default=list, help_text='name, weekdays, starts, ends, zone of each')),
                ('breaks_at', models.CharField(choices=[('anywhere', 'anywhere'), ('station', 'station')], default="anywhere", max_length=10)),
                ('because', models.TextField()),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('in_force', 'in force'), ('stood_down', 'stood down'), ('dropped', 'proposal dropped')], default='proposed', max_length=10)),
                ('review_at', models.DateTimeField(help_text='a person must renew it or stand it down by then')),
                ('review_asked_at', models.DateTimeField(blank=True, null=True)),
                ('proposed_at', models.DateTimeField()),
                ('ordered_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_because', models.TextField(blank=True)),
                ('agencies', models.ManyToManyField(related_name='+', to='people.agency')),
                ('areas', models.ManyToManyField(related_name='+', to='people.area')),
                ('bulletin', models.ForeignKey(blank=True, help_text='the version that was in force when it was ordered: its people are told', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='records.bulletin')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ordered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('statement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.statement')),
                ('threat', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='records.threat')),
            ],
            options={
                'ordering': ['-proposed_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Excuse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(max_length=120)),
                ('measure', models.CharField(max_length=30)),
                ('because', models.TextField()),
                ('starts_at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='excuses', to='records.order')),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='breach',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='breaches', to='records.order'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='order',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='records.order'),
        ),
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit', models.CharField(max_length=120)),
                ('call', models.CharField(max_length=120)),
                ('verdict', models.JSONField(help_text='what the gate answered')),
                ('because', models.TextField()),
                ('actor', models.CharField(help_text='the person, or the machine that sent it', max_length=100)),
                ('dispatcher', models.CharField(blank=True, help_text='whom the machine names', max_length=120)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('center', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agency')),
                ('orders', models.ManyToManyField(related_name='overrides', to='records.order')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('asked', 'being computed'), ('done', 'computed'), ('failed', 'not computed')], default='asked', max_length=8)),
                ('asked_at', models.DateTimeField()),
                ('assumed', models.JSONField(default=dict, help_text='the settings of the computation')),
                ('history', models.CharField(blank=True, help_text='of which calls, in words', max_length=300)),
                ('answer', models.JSONField(blank=True, null=True)),
                ('trouble', models.TextField(blank=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='records.order')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Renewal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('because', models.TextField()),
                ('review_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='records.order')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='UnitSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('way', models.CharField(choices=[('push', 'it sends to us'), ('socket', 'we keep a WebSocket open to it'), ('poll', 'we ask it')], default='push', max_length=8)),
                ('kind', models.CharField(help_text='registered name of its parser', max_length=20)),
                ('url', models.CharField(blank=True, max_length=500)),
                ('every_seconds', models.PositiveIntegerField(default=5)),
                ('zone', models.CharField(blank=True, max_length=60)),
                ('columns', models.JSONField(blank=True, default=dict)),
                ('statuses', models.JSONField(blank=True, default=dict)),
                ('is_active', models.BooleanField(default=True)),
                ('due_at', models.DateTimeField(blank=True, null=True)),
                ('etag', models.CharField(blank=True, max_length=200)),
                ('heard_at', models.DateTimeField(blank=True, null=True)),
                ('taken', models.PositiveBigIntegerField(default=0, help_text='reports, since it was set up')),
                ('refused', models.PositiveBigIntegerField(default=0, help_text='rows, since it was set up')),
                ('latest_refused', models.JSONField(default=list, help_text='the last of them, with reasons')),
                ('refused_at', models.DateTimeField(blank=True, null=True)),
                ('trouble', models.TextField(blank=True, help_text='why the last message could not be used')),
                ('silent_since', models.DateTimeField(blank=True, help_text='since when it was found silent; a task says so', null=True)),
                ('agency', models.ForeignKey(blank=True, help_text='whose units they are where a row does not say', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agency')),
                ('center', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agency')),
                ('key', models.ForeignKey(blank=True, help_text='the machine that sends it', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.key')),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='UnitState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='agency and call sign', max_length=120)),
                ('body', models.JSONField(help_text='a posture.Unit')),
                ('version', models.PositiveBigIntegerField(help_text="the watch's, when it was written last")),
                ('heard_at', models.DateTimeField()),
                ('center', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agency')),
            ],
        ),
        migrations.CreateModel(
            name='Watch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveBigIntegerField(default=0, help_text='of the units')),
                ('changed_at', models.DateTimeField(blank=True, null=True)),
                ('judged_version', models.PositiveBigIntegerField(default=0)),
                ('judged_at', models.DateTimeField(blank=True, null=True)),
                ('near', models.JSONField(default=dict)),
                ('findings', models.JSONField(default=dict, help_text='counts by order, measure and state')),
                ('center', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='watch', to='people.agency')),
            ],
            options={
                'verbose_name_plural': 'watches',
            },
        ),
        migrations.CreateModel(
            name='Joining',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('because', models.TextField()),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('left_because', models.TextField(blank=True)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agency')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('left_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='joinings', to='records.order')),
            ],
            options={
                'ordering': ['at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('left_at', None)), fields=('order', 'agency'), name='an_agency_joins_once')],
            },
        ),
        migrations.AddIndex(
            model_name='breach',
            index=models.Index(condition=models.Q(('ended_at', None), ('rung_due_at__isnull', False)), fields=['rung_due_at'], name='breach_to_tell'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('order', 'unit', 'measure'), name='a_breach_is_open_once'),
        ),
        migrations.AddConstraint(
            model_name='unitsource',
            constraint=models.UniqueConstraint(fields=('center', 'name'), name='a_source_has_its_own_name'),
        ),
        migrations.AddIndex(
            model_name='unitstate',
            index=models.Index(fields=['center', 'version'], name='records_uni_center__ba726a_idx'),
        ),
        migrations.AddConstraint(
            model_name='unitstate',
            constraint=models.UniqueConstraint(fields=('center', 'key'), name='a_unit_stands_once'),
        ),
    ]
