from django.urls import path

from frontend.views import search

urlpatterns = [
    path("search", search.page, name="search"),
    path("search/compare", search.compare, name="compare"),
    path("directions/<slug:code>", search.direction_page, name="direction"),
    path("divisions", search.districts, name="divisions"),
]
