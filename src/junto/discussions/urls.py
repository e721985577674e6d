"""Addresses under /communities/<slug>/discussions/, and the signed link with which an author confirms a post."""

from django.urls import path

from junto.discussions import views

app_name = "discussions"
urlpatterns = [
    path("", views.threads, name="threads"),
    path("new/", views.new, name="new"),
    path("message/", views.message_by_id, name="message-by-id"),
    path("held/", views.held, name="held"),
    path("held/<int:pk>/decision/", views.decision, name="decision"),
    path("<int:number>/", views.thread, name="thread"),
    path("<int:number>/messages/", views.messages, name="messages"),
    path("<int:number>/closure/", views.closure, name="closure"),
    path("<int:number>/messages/<int:message>/delivery/", views.delivery, name="delivery"),
    path("<int:number>/messages/<int:message>/files/<int:position>/", views.attachment, name="attachment"),
]
signed = [
    path("delivery/<str:token>/threads/<int:thread>/", views.choice, name="thread"),
    path("delivery/<str:token>/deliveries/", views.deliveries, name="deliveries"),
    path("posts/confirm/<str:token>/", views.confirm_post, name="confirm-post"),
]
