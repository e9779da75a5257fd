"""Know which deadlines were counted before the State Council's notice of their year."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_reports_of_needs")]

    operations = [
        migrations.AddField(
            model_name="complaint", name="is_due_provisional", field=models.BooleanField(default=False)
        ),
        migrations.AddField(
            model_name="complaint", name="is_hard_stop_provisional", field=models.BooleanField(default=False)
        ),
        migrations.AddField(model_name="report", name="is_due_provisional", field=models.BooleanField(default=False)),
    ]
