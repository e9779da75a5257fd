"""Answers to statistical questions, kept so that the same question always gets the same answer."""

from django.db import models


class StatisticsAnswer(models.Model):
    """The protected table of one indicator for one month that is over; made once, never made again."""

    indicator = models.CharField(max_length=48)
    month = models.DateField()  # its first day
    cells = models.JSONField()
    method = models.JSONField()  # thresholds and rounding in force when it was made
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_answer_per_indicator_and_month", fields=["indicator", "month"]),
            models.CheckConstraint(name="answer_month_starts_on_day_1", condition=models.Q(month__day=1)),
        ]
