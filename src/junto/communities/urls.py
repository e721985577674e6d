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
    path("<slug:slug>/pictures/<int:number>/", views.picture, name="picture"),
    path("<slug:slug>/pictures/<int:number>/small/", views.picture, {"small": True}, name="picture-small"),
    path("<slug:slug>/manage/lead/", views.lead, name="lead"),
    path("<slug:slug>/manage/sections/new/", views.section, name="section-new"),
    path("<slug:slug>/manage/sections/<int:number>/", views.section, name="section"),
    path("<slug:slug>/manage/resources/", views.resources, name="resources"),
    path("<slug:slug>/manage/resources/<int:number>/", views.resources, name="resource"),
    path("<slug:slug>/manage/pages/new/", views.new_page, name="page-new"),
    path("<slug:slug>/manage/pages/<slug:page>/", views.edit_page, name="page-edit"),
    path("<slug:slug>/manage/parts/<slug:kind>/<int:number>/place/", views.place, name="place"),
    path("<slug:slug>/manage/parts/<slug:kind>/<int:number>/removal/", views.part_removal, name="part-removal"),
    path("<slug:slug>/manage/parts/<slug:kind>/<int:number>/return/", views.put_back, name="part-return"),
    path("<slug:slug>/manage/parts/<slug:kind>/<int:number>/history/", views.history, name="history"),
    path("<slug:slug>/manage/parts/<slug:kind>/<int:number>/restoration/", views.restoration, name="restoration"),
    path("<slug:slug>/manage/pictures/", views.pictures, name="pictures"),
    path("<slug:slug>/manage/pictures/band/", views.dressing, name="dressing"),
    path("<slug:slug>/manage/pictures/<int:number>/", views.picture_words, name="picture-words"),
    path("<slug:slug>/manage/pictures/<int:number>/deletion/", views.picture_deletion, name="picture-deletion"),
]
signed = [
    path("delivery/<str:token>/", views.delivery, name="delivery"),
    path("delivery/<str:token>/pause/", views.pause, name="pause"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
]
