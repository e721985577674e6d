from django.urls import path
from django.views.defaults import page_not_found

app_name = "discussions"
urlpatterns = [
    path("", page_not_found, {"exception": None}, name="threads"),
    path("new/", page_not_found, {"exception": None}, name="new"),
    path("held/", page_not_found, {"exception": None}, name="held"),
    path("<int:number>/", page_not_found, {"exception": None}, name="thread"),
    path(
        "<int:number>/messages/<int:message>/files/<int:position>/",
        page_not_found,
        {"exception": None},
        name="attachment",
    ),
]
