"""For whoever watches the site: is it well, and its numbers."""

from __future__ import annotations

from ipaddress import ip_address

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from junto.people import queries as people
from junto.people import rules
from junto.ui.doors import Who, opens_to
from junto.web.queries import health as queries


@opens_to(Who.ANYONE)
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while all is well, 503 when the database is away or something waits for a quarter of an hour."""
    health = queries.health()
    words = {
        "ok": health.is_well,
        "database": health.database,
        "oldest_waiting_arrival_seconds": health.oldest_arrival,
        "oldest_waiting_task_seconds": health.oldest_task,
    }
    return JsonResponse(words, status=200 if health.is_well else 503, headers={"Cache-Control": "no-store"})


@opens_to(Who.ANYONE)
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts for Prometheus, for this machine itself and for whoever runs the site; others find nothing here."""
    if not (_is_from_here(request) or rules.runs_site(people.visitor(request))):
        raise Http404
    registry = CollectorRegistry()
    for name, (words, count) in queries.counts().items():
        Gauge(name, words, registry=registry).set(count)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _is_from_here(request: HttpRequest) -> bool:
    """A request that a proxy passed on comes from elsewhere, whatever address the proxy has."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
