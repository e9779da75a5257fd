"""The addresses of the supervision pages."""

from django.urls import path

from supervision.pages import access, agencies, markets, views

app_name = "supervision"
urlpatterns = [
    path("", views.home, name="home"),
    path("authorities", views.public, name="public"),
    path("statistics", views.statistics_page, name="statistics"),
    path("rounds", views.rounds, name="rounds"),
    path("rounds/<uuid:code>", markets.claims, name="claims"),
    path("scarcity", markets.scarcity, name="scarcity"),
    path("complaints", views.complaints, name="complaints"),
    path("rows/<slug:name>", views.rows, name="rows"),
    path("quality", views.quality_page, name="quality"),
    path("reads", access.own_reads, name="reads"),
    path("reads/about-me", access.about_me, name="about-me"),
    path("clients", access.clients, name="clients"),
    path("clients/<uuid:code>/rotate", access.rotate_secret, name="rotate-secret"),
    path("clients/<uuid:code>/revoke", access.revoke_client, name="revoke-client"),
    path("agencies", agencies.index, name="agencies"),
    path("agencies/new", agencies.new, name="agency-new"),
    path("agencies/<uuid:code>", agencies.page, name="agency"),
    path("agencies/<uuid:code>/access", agencies.set_access, name="agency-access"),
    path("agencies/<uuid:code>/territory", agencies.set_territory, name="agency-territory"),
    path("agencies/<uuid:code>/suspend", agencies.suspend, name="agency-suspend"),
    path("agencies/<uuid:code>/resume", agencies.resume, name="agency-resume"),
    path("agencies/<uuid:code>/officers", agencies.add_officer, name="agency-officers"),
    path("agencies/<uuid:code>/officers/<uuid:user>/end", agencies.end_officer, name="agency-officer-end"),
    path("agencies/<uuid:code>/clients", agencies.issue_client, name="agency-clients"),
    path("agencies/clients/<uuid:code>/rotate", agencies.rotate_secret, name="agency-client-rotate"),
    path("agencies/clients/<uuid:code>/revoke", agencies.revoke_client, name="agency-client-revoke"),
]
