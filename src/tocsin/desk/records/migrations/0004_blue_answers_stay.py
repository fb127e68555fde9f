"""The answers on the Blue Alert card refuse every change and removal, whoever asks."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION records_keep_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'answers on the Blue Alert card are append-only: % is refused', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER blueanswer_is_append_only BEFORE UPDATE OR DELETE ON records_blueanswer
    FOR EACH ROW EXECUTE FUNCTION records_keep_answers();
CREATE TRIGGER blueanswers_are_not_truncated BEFORE TRUNCATE ON records_blueanswer
    FOR EACH STATEMENT EXECUTE FUNCTION records_keep_answers();
"""

ALLOW = """
DROP TRIGGER blueanswer_is_append_only ON records_blueanswer;
DROP TRIGGER blueanswers_are_not_truncated ON records_blueanswer;
DROP FUNCTION records_keep_answers();
"""


class Migration(migrations.Migration):
    """Adds the triggers."""

    dependencies = [("records", "0003_warning")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
