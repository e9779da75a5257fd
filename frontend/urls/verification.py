"""Proofs of identity and the reviewers' desk."""

from django.urls import path

from frontend.views import verification

urlpatterns = [
    path("me/verification", verification.index, name="verification"),
    path("me/verification/new/<slug:kind>", verification.new, name="verification-new"),
    path("me/verification/<uuid:code>", verification.page, name="verification-case"),
    path("me/verification/<uuid:code>/withdraw", verification.withdraw, name="verification-withdraw"),
    path("me/verification/<uuid:code>/resubmit", verification.resubmit, name="verification-resubmit"),
    path("me/verification/documents/<uuid:code>", verification.document, name="verification-document"),
    path("desk/verification", verification.desk, name="desk-verification"),
    path("desk/verification/<uuid:code>/<slug:move>", verification.decide, name="verification-decide"),
]
