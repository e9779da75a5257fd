"""Let machines of one kind be booked side by side, each without an overlap."""

import django.contrib.postgres.constraints
from django.contrib.postgres.fields import RangeOperators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0008_listing_family")]

    operations = [
        migrations.AddField(
            model_name="booking", name="place_number", field=models.PositiveSmallIntegerField(default=1)
        ),
        migrations.RemoveConstraint(model_name="booking", name="booking_no_overlap"),
        migrations.AddConstraint(
            model_name="booking",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state__in", ["confirmed", "in_use", "requested"])),
                expressions=[
                    ("listing", RangeOperators.EQUAL),
                    ("place_number", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                name="booking_no_overlap",
            ),
        ),
    ]
