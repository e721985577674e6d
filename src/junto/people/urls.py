from django.urls import path
from django.views.defaults import page_not_found

app_name = "people"
urlpatterns = [
    path("sign-in/", page_not_found, {"exception": None}, name="sign-in"),
    path("sign-in/code/", page_not_found, {"exception": None}, name="sign-in-code"),
    path("sign-out/", page_not_found, {"exception": None}, name="sign-out"),
]
