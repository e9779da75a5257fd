"""Look saved searches up by what they ask of any listing; a search kept before asks for nothing there."""

import django.contrib.gis.db.models.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0005_disputed_orders")]

    operations = [
        migrations.RemoveIndex(model_name="savedsearch", name="saved_search_alerts"),
        migrations.AddField(
            model_name="savedsearch", name="direction", field=models.CharField(blank=True, default="", max_length=32)
        ),
        migrations.AddField(
            model_name="savedsearch", name="division", field=models.CharField(blank=True, default="", max_length=6)
        ),
        migrations.AddField(model_name="savedsearch", name="words", field=models.TextField(blank=True, default="")),
        migrations.AddField(
            model_name="savedsearch",
            name="area",
            field=django.contrib.gis.db.models.fields.PolygonField(null=True, spatial_index=False, srid=4326),
        ),
        migrations.AddIndex(
            model_name="savedsearch",
            index=models.Index(
                condition=models.Q(("wants_alerts", True)),
                fields=["direction", "division"],
                name="saved_search_alerts",
            ),
        ),
    ]
