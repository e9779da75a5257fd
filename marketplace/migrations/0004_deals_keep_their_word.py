"""Agreements, what was said yes to, and the history of deals take rows and give none back."""

from django.db import migrations

TABLES = (
    "marketplace_agreement",
    "marketplace_agreementacceptance",
    "marketplace_orderstep",
    "marketplace_quotestep",
)

FORWARD = """
CREATE FUNCTION marketplace_deals_are_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END
$$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION marketplace_deals_are_append_only();
"""
    for table in TABLES
)
BACKWARD = (
    "".join(f"DROP TRIGGER {table}_append_only ON {table};\n" for table in TABLES)
    + "DROP FUNCTION marketplace_deals_are_append_only();"
)


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0003_deals")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
