from django.urls import path

from frontend.views import places, prices, saved_searches, search

urlpatterns = [
    path("search", search.page, name="search"),
    path("search/compare", search.compare, name="compare"),
    path("searches", saved_searches.index, name="searches"),
    path("searches/save", saved_searches.save, name="search-save"),
    path("searches/<uuid:code>", saved_searches.change, name="search-change"),
    path("directions/<slug:code>", search.direction_page, name="direction"),
    path("prices", prices.page, name="prices"),
    path("divisions", search.districts, name="divisions"),
    path("industries", places.industries, name="industries"),
]
