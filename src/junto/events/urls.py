"""Addresses under /communities/<slug>/events/, of events of the whole site, and the signed address of a calendar."""

from django.urls import path

from junto.events import views

app_name = "events"
urlpatterns = [
    path("", views.events, name="list"),
    path("new/", views.new, name="new"),
    path("calendar.ics", views.calendar, name="calendar"),
    path("subscription/", views.subscription, name="subscription"),
    path("<int:number>/", views.event, name="event"),
    path("<int:number>/event.ics", views.file, name="file"),
    path("<int:number>/edit/", views.edit, name="edit"),
    path("<int:number>/publication/", views.publication, name="publication"),
    path("<int:number>/cancellation/", views.cancellation, name="cancellation"),
    path("<int:number>/restoration/", views.restoration, name="restoration"),
]
site = [
    path("", views.site_events, name="list"),
    path("<int:number>/", views.site_event, name="event"),
    path("<int:number>/event.ics", views.site_file, name="file"),
]
signed = [
    path("feeds/<str:token>/calendar.ics", views.private_calendar, name="calendar"),
]
