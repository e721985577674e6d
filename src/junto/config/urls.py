"""The addresses of pages, room by room. `signed` are those that letters carry: a token opens them.

The front page of a community and its manager's desk stand among the community's own addresses, and are gathered by `web`
from all rooms.
"""

from django.urls import include, path

from junto.communities.urls import signed as community_links
from junto.communities.urls import urlpatterns as community_pages
from junto.discussions.urls import signed as discussion_links
from junto.events.urls import signed as event_links
from junto.events.urls import site as site_events
from junto.insights.urls import signed as insight_links
from junto.insights.urls import site as site_insights
from junto.library.urls import shelf
from junto.library.urls import site as library
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
    path("", include((community_links + discussion_links + event_links + insight_links, "signed"), namespace="signed")),
    path("communities/", include(([*community_pages, *gathered], "communities"))),
    path("communities/<slug:slug>/discussions/", include("junto.discussions.urls")),
    path("communities/<slug:slug>/events/", include("junto.events.urls")),
    path("communities/<slug:slug>/insights/", include("junto.insights.urls")),
    path("insights/", include((site_insights, "site-insights"))),
    path("events/", include((site_events, "site-events"))),
    path("communities/<slug:slug>/library/", include((shelf, "shelf"))),
    path("library/", include((library, "library"))),
]

handler404 = "junto.web.views.errors.not_found"
handler500 = "junto.web.views.errors.broken"
