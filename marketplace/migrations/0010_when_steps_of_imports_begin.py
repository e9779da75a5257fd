"""Keep when the last step of an import was asked for, so that one that stopped can be told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0009_places_side_by_side")]

    operations = [migrations.AddField("importrun", "begun_at", models.DateTimeField(null=True))]
