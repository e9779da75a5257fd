"""Listings that match rounds alone give away."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0011_price_index")]

    operations = [migrations.AddField("listing", "is_allotted", models.BooleanField(default=False))]
