"""Let a need be left wanting because a party may not deal, or not for so much."""

from django.db import migrations, models

WHYS = [
    "may_not_deal",
    "no_limit",
    "nobody_offers",
    "too_far",
    "not_free",
    "not_licensed",
    "too_dear",
    "too_large",
    "poor_fit",
    "nothing_to_share",
    "incomplete",
    "others_gained_more",
    "not_decided",
]


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_weeks_of_proposals")]

    operations = [
        migrations.RemoveConstraint("unmatched", "unmatched_why_known"),
        migrations.AlterField(
            "unmatched",
            "why",
            models.CharField(max_length=32, choices=[(why, why.upper()) for why in WHYS]),
        ),
        migrations.AddConstraint(
            "unmatched",
            models.CheckConstraint(name="unmatched_why_known", condition=models.Q(why__in=sorted(WHYS))),
        ),
    ]
