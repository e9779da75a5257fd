"""Know which orders a complaint is open about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0004_deals_keep_their_word")]

    operations = [
        migrations.AddField(model_name="order", name="is_disputed", field=models.BooleanField(default=False)),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                condition=models.Q(("is_disputed", True)), fields=["-proposed_at", "-id"], name="order_disputed"
            ),
        ),
    ]
