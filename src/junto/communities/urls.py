from django.urls import path
from django.views.defaults import page_not_found

app_name = "communities"
urlpatterns = [
    path("", page_not_found, {"exception": None}, name="directory"),
    path("<slug:slug>/", page_not_found, {"exception": None}, name="front"),
    path("<slug:slug>/join/", page_not_found, {"exception": None}, name="join"),
    path("<slug:slug>/leave/", page_not_found, {"exception": None}, name="leave"),
    path("<slug:slug>/members/", page_not_found, {"exception": None}, name="members"),
    path("<slug:slug>/manage/", page_not_found, {"exception": None}, name="manage"),
    path("<slug:slug>/pages/<slug:page>/", page_not_found, {"exception": None}, name="page"),
]
signed = [
    path("delivery/<str:token>/", page_not_found, {"exception": None}, name="delivery"),
    path("unsubscribe/<str:token>/", page_not_found, {"exception": None}, name="unsubscribe"),
    path("confirm/<str:token>/", page_not_found, {"exception": None}, name="confirm"),
]
