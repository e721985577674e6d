"""The addresses of pages, room by room. `signed` are those that letters carry: a token opens them.

The front page of a community and its manager's desk stand among the community's own addresses, and are gathered by `web`
from all rooms.
"""

from django.urls import include, path

from junto.communities.urls import signed as community_links
from junto.communities.urls import urlpatterns as community_pages
from junto.discussions.urls import signed as discussion_links
from junto.web.views.community import community_front
from junto.web.views.desk import expert, manage

gathered = [
    path("<slug:slug>/manage/", manage, name="manage"),
    path("<slug:slug>/manage/questions/<int:number>/expert/", expert, name="expert"),
    path("<slug:slug>/", community_front, name="front"),
]

urlpatterns = [
    path("", include("junto.web.urls")),
    path("", include("junto.people.urls")),
    path("", include("junto.mail.urls")),
    path("", include((community_links + discussion_links, "signed"), namespace="signed")),
    path("communities/", include(([*community_pages, *gathered], "communities"))),
    path("communities/<slug:slug>/discussions/", include("junto.discussions.urls")),
]

handler404 = "junto.web.views.errors.not_found"
handler500 = "junto.web.views.errors.broken"
