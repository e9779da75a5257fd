"""The database itself refuses to alter or remove what was read by whom."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION supervision_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER supervision_readlog_append_only
    BEFORE UPDATE OR DELETE ON supervision_readlog
    FOR EACH ROW EXECUTE FUNCTION supervision_refuse_change();
CREATE TRIGGER supervision_statisticsanswer_append_only
    BEFORE UPDATE OR DELETE ON supervision_statisticsanswer
    FOR EACH ROW EXECUTE FUNCTION supervision_refuse_change();
"""
BACKWARD = """
DROP TRIGGER supervision_statisticsanswer_append_only ON supervision_statisticsanswer;
DROP TRIGGER supervision_readlog_append_only ON supervision_readlog;
DROP FUNCTION supervision_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
