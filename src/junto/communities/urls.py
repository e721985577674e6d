"""The addresses of communities. `signed` are those that letters carry."""

from django.urls import path

from junto.communities import views

app_name = "communities"
urlpatterns = [
    path("", views.directory, name="directory"),
    path("new/", views.new, name="new"),
    path("<slug:slug>/join/", views.join, name="join"),
    path("<slug:slug>/leave/", views.leave, name="leave"),
    path("<slug:slug>/members/", views.members, name="members"),
    path("<slug:slug>/pages/<slug:page>/", views.page, name="page"),
    path("<slug:slug>/manage/", views.manage, name="manage"),
    path("<slug:slug>/manage/requests/<int:number>/decision/", views.decision, name="decision"),
    path("<slug:slug>/manage/invitations/", views.invitations, name="invitations"),
    path("<slug:slug>/manage/invitations/<int:number>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("<slug:slug>/manage/members/<int:number>/role/", views.role, name="role"),
    path("<slug:slug>/manage/members/<int:number>/removal/", views.removal, name="removal"),
    path("<slug:slug>/manage/members/<int:number>/resumption/", views.resumption, name="resumption"),
    path("<slug:slug>/manage/notices/<int:number>/settlement/", views.settlement, name="settlement"),
    path("<slug:slug>/manage/conduct/", views.conduct, name="conduct"),
    path("<slug:slug>/manage/conduct/<int:number>/", views.conduct_member, name="conduct-member"),
    path("<slug:slug>/manage/conduct/<int:number>/new/", views.conduct_new, name="conduct-new"),
    path("<slug:slug>/manage/conduct/cases/<int:number>/lifting/", views.conduct_lifting, name="conduct-lifting"),
    path("<slug:slug>/manage/page/", views.edit, name="edit"),
    path("<slug:slug>/manage/reach/", views.reach, name="reach"),
    path("<slug:slug>/manage/protection/", views.protection, name="protection"),
    path("<slug:slug>/manage/resources/", views.resources, name="resources"),
    path("<slug:slug>/manage/pages/new/", views.new_page, name="page-new"),
    path("<slug:slug>/manage/pages/<slug:page>/", views.edit_page, name="page-edit"),
    path("<slug:slug>/manage/pages/<slug:page>/deletion/", views.delete_page, name="page-delete"),
]
signed = [
    path("delivery/<str:token>/", views.delivery, name="delivery"),
    path("delivery/<str:token>/pause/", views.pause, name="pause"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
]
