"""Which tables the journal of changes watches."""

from django.db import migrations

# (table, kind of row, column that names it)
WATCHED = (
    ("accounts_organisation", "party", "id"),
    ("credit_standing", "party", "organisation_id"),
    ("accounts_verificationcase", "verification", "id"),
    ("marketplace_listing", "listing", "id"),
    ("marketplace_demand", "demand", "id"),
    ("marketplace_order", "order", "id"),
    ("matching_round", "round", "id"),
    ("governance_rating", "rating", "id"),
    ("governance_complaint", "complaint", "id"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("supervision", "0003_change_journal"),
        ("accounts", "0001_initial"),
        ("credit", "0001_initial"),
        ("marketplace", "0001_initial"),
        ("matching", "0001_initial"),
        ("governance", "0001_initial"),  # which itself needs the orders
    ]
    operations = [
        migrations.RunSQL(
            f"CALL supervision_watch('{table}', '{kind}', '{column}')", f"CALL supervision_unwatch('{table}', '{kind}')"
        )
        for table, kind, column in WATCHED
    ]
