"""The record of acts takes rows and gives none back: the database refuses every UPDATE and DELETE."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION common_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the record of acts is append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER common_audit_append_only BEFORE UPDATE OR DELETE ON common_auditentry
    FOR EACH ROW EXECUTE FUNCTION common_audit_is_append_only();
"""
BACKWARD = """
DROP TRIGGER common_audit_append_only ON common_auditentry;
DROP FUNCTION common_audit_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
