"""Keep when proposals mean their deals to take place; no two open ones mean the same hour of one machine."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0011_price_index"),
        ("matching", "0011_bonuses_and_seeds"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProposedTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place_number", models.PositiveSmallIntegerField(default=1)),
                ("period", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("is_held", models.BooleanField(default=True)),
                (
                    "listing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="marketplace.listing"
                    ),
                ),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="times", to="matching.proposal"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["proposal", "period"], name="proposed_time_by_proposal")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("period__startswith__isnull", False),
                            ("period__endswith__isnull", False),
                            ("period__isempty", False),
                        ),
                        name="proposed_time_is_finite",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("is_held", True)),
                        expressions=[("listing", "="), ("place_number", "="), ("period", "&&")],
                        name="proposed_time_held_once",
                    ),
                ],
            },
        ),
    ]
