"""Addresses of pages that gather from many rooms."""

from django.urls import path

from junto.web.views import developers, finding, health, home, mine, people, search

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("me/", home.me, name="me"),
    path("me/addresses/<int:pk>/removal/", mine.remove_address, name="remove-address"),
    path("me/data/", mine.data, name="data"),
    path("me/data/download/", mine.download, name="data-download"),
    path("me/data/leaving/", mine.leave, name="leaving"),
    path("people/", people.experts, name="experts"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/photo/", people.photo, name="photo"),
    path("people/<int:pk>/question/", people.ask, name="ask"),
    path("search/", search.search, name="search"),
    path("search/suggestions/", search.suggestions, name="suggestions"),
    path("about/", home.about, name="about"),
    path("accessibility/", home.accessibility, name="accessibility"),
    path("healthz", health.healthz, name="healthz"),
    path("metrics", health.metrics, name="metrics"),
    path("robots.txt", finding.robots, name="robots"),
    path("sitemap.xml", finding.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", finding.sitemap_file, name="sitemap-file"),
    path("feed/", finding.feed, name="feed"),
    path("feed/topics/<slug:topic>/", finding.topic_feed, name="topic-feed"),
    path(".well-known/security.txt", home.security, name="security"),
    path("dev/components/", developers.components, name="components"),
    path("dev/letters/", developers.letters, name="letters"),
    path("dev/letters/<str:name>/", developers.letter_html, name="letter-html"),
]
