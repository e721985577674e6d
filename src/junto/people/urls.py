from django.urls import path

from junto.people import views

app_name = "people"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", views.sign_in_code, name="sign-in-code"),
    path("sign-in/passkey/", views.passkey_sign_in, name="passkey-sign-in"),
    path("sign-in/passkey/options/", views.passkey_sign_in_options, name="passkey-sign-in-options"),
    path("sign-in/provider/", views.provider, name="provider"),
    path("sign-in/provider/return/", views.provider_return, name="provider-return"),
    path("sign-in/claim/", views.claim, name="claim"),
    path("sign-in/<str:token>/", views.sign_in_link, name="sign-in-link"),
    path("language/", views.choose_language, name="language"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("prove/<str:token>/", views.prove, name="prove"),
    path("me/profile/", views.profile, name="profile"),
    path("me/addresses/", views.add_address, name="add-address"),
    path("me/addresses/code/", views.address_code, name="address-code"),
    path("me/addresses/<int:pk>/preference/", views.prefer_address, name="prefer-address"),
    path("me/sign-in/", views.ways, name="ways"),
    path("me/sign-in/passkeys/", views.add_passkey, name="add-passkey"),
    path("me/sign-in/passkeys/options/", views.passkey_options, name="passkey-options"),
    path("me/sign-in/passkeys/<int:pk>/", views.passkey, name="passkey"),
    path("me/sign-in/passkeys/<int:pk>/removal/", views.remove_passkey, name="remove-passkey"),
    path("me/sign-in/provider/", views.link_provider, name="link-provider"),
    path("me/sign-in/provider/<int:pk>/removal/", views.remove_provider, name="remove-provider"),
    path("me/sign-in/browsers/others/end/", views.end_other_sessions, name="end-other-sessions"),
    path("me/sign-in/browsers/<int:pk>/end/", views.end_session, name="end-session"),
    path("exceptions/", views.exceptions, name="exceptions"),
    path("exceptions/new/", views.new_exception, name="new-exception"),
    path("exceptions/<int:pk>/", views.edit_exception, name="edit-exception"),
    path("exceptions/<int:pk>/removal/", views.remove_exception, name="remove-exception"),
]
