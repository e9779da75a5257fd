"""The addresses of the supervision pages."""

from django.urls import path

from supervision.pages import access, views

app_name = "supervision"
urlpatterns = [
    path("", views.home, name="home"),
    path("authorities", views.public, name="public"),
    path("statistics", views.statistics_page, name="statistics"),
    path("rounds", views.rounds, name="rounds"),
    path("complaints", views.complaints, name="complaints"),
    path("rows/<slug:name>", views.rows, name="rows"),
    path("quality", views.quality_page, name="quality"),
    path("reads", access.own_reads, name="reads"),
    path("reads/about-me", access.about_me, name="about-me"),
    path("clients", access.clients, name="clients"),
    path("clients/<uuid:code>/revoke", access.revoke_client, name="revoke-client"),
]
