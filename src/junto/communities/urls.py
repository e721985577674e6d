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
    path("<slug:slug>/manage/requests/<int:number>/decision/", views.decision, name="decision"),
    path("<slug:slug>/manage/invitations/", views.invitations, name="invitations"),
    path("<slug:slug>/manage/invitations/<int:number>/reminder/", views.reminder, name="reminder"),
    path("<slug:slug>/manage/invitations/<int:number>/withdrawal/", views.withdrawal, name="withdrawal"),
    path("<slug:slug>/manage/members/", views.member_table, name="member-table"),
    path("<slug:slug>/manage/members/deed/", views.members_deed, name="members-deed"),
    path("<slug:slug>/manage/members/export/", views.members_export, name="members-export"),
    path("<slug:slug>/manage/members/import/", views.members_import, name="members-import"),
    path("<slug:slug>/manage/members/<int:number>/role/", views.role, name="role"),
    path("<slug:slug>/manage/members/<int:number>/removal/", views.removal, name="removal"),
    path("<slug:slug>/manage/members/<int:number>/resumption/", views.resumption, name="resumption"),
    path("<slug:slug>/manage/members/<int:number>/proof/", views.proof_request, name="proof-request"),
    path("<slug:slug>/manage/team/", views.team, name="team"),
    path("<slug:slug>/manage/notices/<int:number>/settlement/", views.settlement, name="settlement"),
    path("<slug:slug>/manage/deeds/<int:number>/undoing/", views.undoing, name="undoing"),
    path("<slug:slug>/manage/settings/", views.settings, name="settings"),
    path("<slug:slug>/manage/settings/<slug:group>/", views.setting_group, name="setting-group"),
    path("<slug:slug>/manage/closing/", views.closing, name="closing"),
    path("<slug:slug>/manage/reopening/", views.reopening, name="reopening"),
    path("<slug:slug>/manage/welcome/", views.welcome, name="welcome"),
    path("<slug:slug>/manage/announcements/", views.announcements, name="announcements"),
    path("<slug:slug>/manage/announcements/new/", views.announcement_new, name="announcement-new"),
    path("<slug:slug>/manage/announcements/<int:number>/", views.announcement, name="announcement"),
    path("<slug:slug>/manage/announcements/<int:number>/text/", views.announcement_edit, name="announcement-edit"),
    path(
        "<slug:slug>/manage/announcements/<int:number>/dropping/",
        views.announcement_dropping,
        name="announcement-dropping",
    ),
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
    path("announcements/<str:token>/", views.stop_announcements, name="announcements"),
    path("delivery/<str:token>/", views.delivery, name="delivery"),
    path("delivery/<str:token>/pause/", views.pause, name="pause"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
]
