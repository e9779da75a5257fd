"""Tell the live market, at commit, that something moved: by triggers, so that no writer can forget it."""

from django.db import migrations

TABLES = (
    "marketplace_demand",
    "marketplace_listing",
    "marketplace_availabilityrule",
    "marketplace_availabilityexception",
    "marketplace_booking",
    "marketplace_order",
    "matching_proposal",
)

FORWARD = [
    """
    CREATE FUNCTION matching_market_moved() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('matching_market', TG_TABLE_NAME);
        RETURN NULL;
    END $$
    """,
    *(
        f"""
        CREATE TRIGGER market_moved AFTER INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION matching_market_moved()
        """
        for table in TABLES
    ),
    # Only wishes for an early proposal: the rest is the live market's own work.
    """
    CREATE TRIGGER market_moved AFTER UPDATE OF asked_at ON matching_tentativedeal
    FOR EACH STATEMENT EXECUTE FUNCTION matching_market_moved()
    """,
]
BACKWARD = [
    *(f"DROP TRIGGER market_moved ON {table}" for table in (*TABLES, "matching_tentativedeal")),
    "DROP FUNCTION matching_market_moved()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0007_tentative_deals"),
        ("marketplace", "0011_price_index"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
