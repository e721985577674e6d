from django.urls import path

from junto.people import views

app_name = "people"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", views.sign_in_code, name="sign-in-code"),
    path("sign-in/<str:token>/", views.sign_in_link, name="sign-in-link"),
    path("language/", views.choose_language, name="language"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("prove/<str:token>/", views.prove, name="prove"),
    path("me/profile/", views.profile, name="profile"),
    path("me/addresses/", views.add_address, name="add-address"),
    path("me/addresses/code/", views.address_code, name="address-code"),
    path("me/addresses/<int:pk>/preference/", views.prefer_address, name="prefer-address"),
    path("exceptions/", views.exceptions, name="exceptions"),
    path("exceptions/new/", views.new_exception, name="new-exception"),
    path("exceptions/<int:pk>/", views.edit_exception, name="edit-exception"),
    path("exceptions/<int:pk>/removal/", views.remove_exception, name="remove-exception"),
]
