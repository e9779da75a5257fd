"""Demands: what is wanted, one's own needs, and their editor."""

from django.urls import path

from frontend.views import demands, own_checks, tentative

urlpatterns = [
    path("demands", demands.index, name="demands"),
    path("demands/mine", demands.mine, name="demands-mine"),
    path("demands/new", demands.choose, name="demand-new"),
    path("demands/new/<slug:direction_code>", demands.new, name="demand-new-in"),
    path("demands/<uuid:code>", demands.page, name="demand"),
    path("demands/<uuid:code>/check", own_checks.need, name="demand-check"),
    path("demands/<uuid:code>/now", tentative.of_demand, name="demand-now"),
    path("demands/<uuid:code>/now/<uuid:listing>", tentative.propose_for_demand, name="demand-propose-now"),
    path("demands/<uuid:code>/edit", demands.edit, name="demand-edit"),
    path("demands/<uuid:code>/<slug:move>", demands.move, name="demand-move"),
]
