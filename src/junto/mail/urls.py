from django.urls import path

from junto.mail import views

app_name = "mail"
urlpatterns = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/<int:pk>/", views.copy, name="copy"),
    path("outbox/<int:pk>/html/", views.copy_html, name="copy-html"),
    path("outbox/<int:pk>/raw/", views.copy_raw, name="copy-raw"),
    path("mail/quarantine/", views.quarantine, name="quarantine"),
    path("mail/quarantine/mailings/<int:pk>/release/", views.release, name="release"),
    path("mail/quarantine/<int:pk>/", views.quarantined, name="quarantined"),
    path("mail/quarantine/<int:pk>/retry/", views.retry, name="retry"),
    path("mail/quarantine/<int:pk>/disposal/", views.disposal, name="disposal"),
]
