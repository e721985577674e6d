from django.urls import path
from django.views.defaults import page_not_found

from junto.web.views import search

app_name = "web"
urlpatterns = [
    path("", page_not_found, {"exception": None}, name="home"),
    path("me/", page_not_found, {"exception": None}, name="me"),
    path("search/", search.search, name="search"),
    path("about/", page_not_found, {"exception": None}, name="about"),
    path("accessibility/", page_not_found, {"exception": None}, name="accessibility"),
]
