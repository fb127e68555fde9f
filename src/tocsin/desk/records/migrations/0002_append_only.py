"""The log refuses every change and removal, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION records_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log is append-only: % is refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_is_append_only BEFORE UPDATE OR DELETE ON records_entry
    FOR EACH ROW EXECUTE FUNCTION records_refuse_change();
CREATE TRIGGER entries_are_not_truncated BEFORE TRUNCATE ON records_entry
    FOR EACH STATEMENT EXECUTE FUNCTION records_refuse_change();
"""

ALLOW = """
DROP TRIGGER entry_is_append_only ON records_entry;
DROP TRIGGER entries_are_not_truncated ON records_entry;
DROP FUNCTION records_refuse_change();
"""


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
