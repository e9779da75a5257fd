"""Keep for which weeks a proposal means its quantity."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]

    operations = [
        migrations.AddField(model_name="proposal", name="weeks", field=models.JSONField(default=list)),
    ]
