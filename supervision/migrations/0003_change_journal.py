"""The journal of changes: triggers keep it, so that no writer can forget to.

`supervision_watch(table, kind, column)` makes every INSERT and UPDATE of `table` note that the row of `kind` named by
`column` changed. Statement triggers: loading 100,000 rows costs one extra statement, not 100,000.
"""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE supervision_change_order AS bigint;

CREATE FUNCTION supervision_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'INSERT INTO supervision_change (kind, row_id, transaction, number, at)
         SELECT %L, changed.row_id, pg_current_xact_id()::text::bigint,
                nextval(''supervision_change_order''), clock_timestamp()
         FROM (SELECT DISTINCT %I AS row_id FROM changed_rows WHERE %I IS NOT NULL ORDER BY 1) AS changed
         ON CONFLICT (kind, row_id) DO UPDATE
         SET transaction = EXCLUDED.transaction, number = EXCLUDED.number, at = EXCLUDED.at',
        TG_ARGV[0], TG_ARGV[1], TG_ARGV[1]);
    RETURN NULL;
END $$;

CREATE PROCEDURE supervision_watch(table_name text, kind text, id_column text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER supervision_%s_inserted AFTER INSERT ON %I
        REFERENCING NEW TABLE AS changed_rows
        FOR EACH STATEMENT EXECUTE FUNCTION supervision_note_change(%L, %L)', kind, table_name, kind, id_column);
    EXECUTE format('CREATE TRIGGER supervision_%s_updated AFTER UPDATE ON %I
        REFERENCING NEW TABLE AS changed_rows
        FOR EACH STATEMENT EXECUTE FUNCTION supervision_note_change(%L, %L)', kind, table_name, kind, id_column);
    EXECUTE format(
        'INSERT INTO supervision_change (kind, row_id, transaction, number, at)
         SELECT %L, rows.row_id, pg_current_xact_id()::text::bigint,
                nextval(''supervision_change_order''), clock_timestamp()
         FROM (SELECT DISTINCT %I AS row_id FROM %I WHERE %I IS NOT NULL ORDER BY 1) AS rows
         ON CONFLICT DO NOTHING', kind, id_column, table_name, id_column);
END $$;

CREATE PROCEDURE supervision_unwatch(table_name text, kind text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER supervision_%s_inserted ON %I', kind, table_name);
    EXECUTE format('DROP TRIGGER supervision_%s_updated ON %I', kind, table_name);
END $$;
"""
BACKWARD = """
DROP PROCEDURE supervision_unwatch(text, text);
DROP PROCEDURE supervision_watch(text, text, text);
DROP FUNCTION supervision_note_change();
DROP SEQUENCE supervision_change_order;
"""


class Migration(migrations.Migration):
    dependencies = [("supervision", "0002_read_log_is_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
