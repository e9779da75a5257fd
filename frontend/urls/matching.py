"""Match rounds and the proposals they make."""

from django.urls import path

from frontend.views import proposals, rounds, tentative

urlpatterns = [
    path("rounds", rounds.index, name="rounds"),
    path("rounds/run", rounds.run, name="round-run"),
    path("rounds/runs/<uuid:code>", rounds.run_page, name="round-run-page"),
    path("rounds/runs/<uuid:code>/cancel", rounds.cancel, name="round-run-cancel"),
    path("rounds/<uuid:code>", rounds.page, name="round"),
    path("rounds/<uuid:code>/replay", rounds.replay, name="round-replay"),
    path("proposals", proposals.index, name="proposals"),
    path("proposals/now", tentative.mine, name="proposals-now"),
    path("proposals/<uuid:code>", proposals.page, name="proposal"),
    path("proposals/<uuid:code>/<slug:move>", proposals.move, name="proposal-move"),
]
