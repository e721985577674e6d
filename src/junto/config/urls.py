"""The addresses of pages, room by room. `signed` are those that letters carry: a token opens them."""

from django.urls import include, path

from junto.communities.urls import signed as community_links
from junto.discussions.urls import signed as discussion_links

urlpatterns = [
    path("", include("junto.web.urls")),
    path("", include("junto.people.urls")),
    path("", include("junto.mail.urls")),
    path("", include((community_links + discussion_links, "signed"), namespace="signed")),
    path("communities/", include("junto.communities.urls")),
    path("communities/<slug:slug>/discussions/", include("junto.discussions.urls")),
]
