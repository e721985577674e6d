"""Addresses under /communities/<slug>/insights/, where communities are compared, and the signed link of a sponsor."""

from django.urls import path

from junto.insights import views

app_name = "insights"
urlpatterns = [
    path("", views.insights, name="page"),
    path("insights.zip", views.archive, name="archive"),
    path("tables/<slug:name>.csv", views.table, name="table"),
    path("counting/", views.counting, name="counting"),
    path("audience/", views.audience, name="audience"),
    path("sponsor/", views.sponsor, name="sponsor"),
    path("sponsor/discussions/", views.threads, name="threads"),
    path("sponsor/link/", views.link, name="link"),
    path("sponsor/links/<int:number>/withdrawal/", views.withdrawal, name="withdrawal"),
]
site = [
    path("", views.compare, name="compare"),
    path("communities.csv", views.compare_file, name="compare-file"),
]
signed = [
    path("shown/insights/<str:token>/", views.shown, name="sponsor"),
]
