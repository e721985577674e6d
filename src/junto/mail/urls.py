from django.urls import path
from django.views.defaults import page_not_found

app_name = "mail"
urlpatterns = [
    path("outbox/", page_not_found, {"exception": None}, name="outbox"),
]
