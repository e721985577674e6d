"""Addresses under /library/, and under /communities/<slug>/library/ (the shelf)."""

from django.urls import path

from junto.library import views

site = [
    path("", views.library, name="pieces"),
    path("authors/<slug:slug>/", views.author, name="author"),
    path("<slug:slug>/", views.piece, name="piece"),
    path("<slug:slug>/hiding/", views.hiding, name="hiding"),
]
shelf = [
    path("", views.shelf, name="pieces"),
    path("feed/", views.feed, name="feed"),
    path("<slug:piece>/hiding/", views.shelf_hiding, name="hiding"),
]
