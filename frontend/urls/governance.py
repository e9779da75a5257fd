"""Complaints, reports, ratings, standing, the staff's desk and the public figures of trust."""

from django.urls import path

from frontend.views import complaints, desk, ratings, reports, trust

urlpatterns = [
    path("complaints", complaints.index, name="complaints"),
    path("complaints/new", complaints.new, name="complaint-new"),
    path("complaints/<uuid:code>", complaints.page, name="complaint"),
    path("complaints/<uuid:code>/evidence", complaints.add_evidence, name="complaint-evidence"),
    path("complaints/<uuid:code>/<slug:move>", complaints.move, name="complaint-move"),
    path("evidence/<uuid:code>", complaints.evidence_file, name="evidence"),
    path("reports", reports.index, name="reports"),
    path("reports/new", reports.new, name="report-new"),
    path("reports/<uuid:code>", reports.page, name="report"),
    path("reports/<uuid:code>/<slug:move>", reports.move, name="report-move"),
    path("orders/<uuid:code>/rate", ratings.rate, name="order-rate"),
    path("ratings/<uuid:code>/reply", ratings.reply, name="rating-reply"),
    path("ratings/<uuid:code>/hide", ratings.hide, name="rating-hide"),
    path("me/standing", trust.own, name="standing"),
    path("me/standing/<uuid:code>/contest", trust.contest, name="standing-contest"),
    path("desk", desk.desk, name="desk"),
    path("desk/objections/<uuid:code>", desk.objection, name="desk-objection"),
    path("desk/alerts/<uuid:code>", desk.alert, name="desk-alert"),
    path("trust", trust.trust, name="trust"),
]
