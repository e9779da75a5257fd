"""The ledger takes rows and gives none back: the database refuses every UPDATE and DELETE."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION credit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the credit ledger is append-only: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER credit_event_append_only BEFORE UPDATE OR DELETE ON credit_creditevent
    FOR EACH ROW EXECUTE FUNCTION credit_event_is_append_only();
"""
BACKWARD = """
DROP TRIGGER credit_event_append_only ON credit_creditevent;
DROP FUNCTION credit_event_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("credit", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
