"""Every resource of the public API: one file each."""

from django.urls import include, path

urlpatterns = [
    path("", include(f"api.v1.{name}"))
    for name in (
        "docs",
        "accounts",
        "organisations",
        "verification",
        "notifications",
        "directions",
        "listings",
        "listing_files",
        "demands",
        "prices",
        "saved_searches",
        "imports",
        "exports",
        "matching",
        "own_checks",
        "tentative",
        "standing",
        "decisions",
        "ratings",
        "complaints",
        "orders",
        "settlements",
        "bookings",
        "quotes",
        "messages",
        "absent",  # last: it answers every address
    )
]
