"""Listings: the page, the editor, hours, files, and the request of a buyer."""

from django.urls import path

from frontend.views import listing_files, listing_hours, listing_requests, listings, own_checks, tentative

urlpatterns = [
    path("listings/mine", listings.mine, name="listings-mine"),
    path("listings/new", listings.choose, name="listing-new"),
    path("listings/new/<slug:direction_code>", listings.new, name="listing-new-in"),
    path("listings/<uuid:code>", listings.page, name="listing"),
    path("listings/<uuid:code>/check", own_checks.offer, name="listing-check"),
    path("listings/<uuid:code>/now", tentative.of_listing, name="listing-now"),
    path("listings/<uuid:code>/now/<uuid:demand>", tentative.propose_for_listing, name="listing-propose-now"),
    path("listings/<uuid:code>/edit", listings.edit, name="listing-edit"),
    path("listings/<uuid:code>/hours", listing_hours.page, name="listing-hours"),
    path("listings/<uuid:code>/exceptions/add", listing_hours.add_exception, name="listing-exception-add"),
    path(
        "listings/<uuid:code>/exceptions/<uuid:exception>/remove",
        listing_hours.remove_exception,
        name="listing-exception-remove",
    ),
    path("listings/<uuid:code>/files", listing_files.page, name="listing-files"),
    path("listings/<uuid:code>/photos/add", listing_files.add_photo, name="listing-photo-add"),
    path("listings/<uuid:code>/photos/<uuid:photo>", listing_files.photo, name="listing-photo"),
    path("listings/<uuid:code>/photos/<uuid:photo>/remove", listing_files.remove_photo, name="listing-photo-remove"),
    path("listings/<uuid:code>/documents/add", listing_files.add_document, name="listing-document-add"),
    path("listings/<uuid:code>/documents/<uuid:document>", listing_files.document, name="listing-document"),
    path(
        "listings/<uuid:code>/documents/<uuid:document>/remove",
        listing_files.remove_document,
        name="listing-document-remove",
    ),
    path("listings/<uuid:code>/request", listing_requests.page, name="listing-request"),
    path("listings/<uuid:code>/request/price", listing_requests.price, name="listing-request-price"),
    path("listings/<uuid:code>/<slug:move>", listings.move, name="listing-move"),
]
