"""Addresses under /communities/<slug>/discussions/, and the signed links that letters carry."""

from django.urls import path

from junto.discussions import views

app_name = "discussions"
urlpatterns = [
    path("", views.threads, name="threads"),
    path("new/", views.new, name="new"),
    path("new/draft/", views.draft, name="draft"),
    path("new/files/", views.draft_files, name="draft-files"),
    path("new/earlier/", views.earlier, name="earlier"),
    path("drafts/<int:pk>/", views.discard_draft, name="discard-draft"),
    path("drafts/<int:pk>/files/<int:position>/", views.draft_file, name="draft-file"),
    path("message/", views.message_by_id, name="message-by-id"),
    path("feed/", views.feed, name="feed"),
    path("feed/address/", views.feed_address, name="feed-address"),
    path("held/", views.held, name="held"),
    path("held/discards/", views.discards, name="discards"),
    path("held/<int:pk>/files/<int:position>/", views.held_file, name="held-file"),
    path("held/<int:pk>/decision/", views.decision, name="decision"),
    path("held/<int:pk>/waiting/", views.waiting, name="waiting"),
    path("<int:number>/", views.thread, name="thread"),
    path("<int:number>/messages/", views.messages, name="messages"),
    path("<int:number>/draft/", views.draft, name="reply-draft"),
    path("<int:number>/files/", views.draft_files, name="reply-files"),
    path("<int:number>/reach/", views.reach, name="reply-reach"),
    path("<int:number>/answer/", views.answer, name="answer"),
    path("<int:number>/closure/", views.closure, name="closure"),
    path("<int:number>/wish/", views.wish, name="wish"),
    path("<int:number>/pin/", views.pin, name="pin"),
    path("<int:number>/subject/", views.subject, name="subject"),
    path("<int:number>/move/", views.move, name="move"),
    path("<int:number>/merge/", views.merge, name="merge"),
    path("<int:number>/parting/", views.parting, name="parting"),
    path("<int:number>/messages/<int:message>/split/", views.split, name="split"),
    path("<int:number>/messages/<int:message>/usefulness/", views.usefulness, name="usefulness"),
    path("<int:number>/brake/", views.brake, name="brake"),
    path("<int:number>/messages/<int:message>/delivery/", views.delivery, name="delivery"),
    path("<int:number>/messages/<int:message>/files/<int:position>/", views.attachment, name="attachment"),
]
signed = [
    path("feeds/<str:token>/", views.private_feed, name="feed"),
    path("posts/answers/<str:token>/", views.answers, name="answers"),
    path("posts/decide/<str:token>/", views.decide, name="decide"),
    path("delivery/<str:token>/threads/<int:thread>/", views.choice, name="thread"),
    path("delivery/<str:token>/deliveries/", views.deliveries, name="deliveries"),
    path("posts/confirm/<str:token>/", views.confirm_post, name="confirm-post"),
    path("posts/send/<str:token>/", views.send_post, name="send-post"),
    path("posts/hints/<str:token>/", views.hints, name="hints"),
]
