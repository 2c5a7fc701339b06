"""/metrics, as Prometheus reads it. The rows are asked at each scrape: any process may answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from tracker import clock
from tracker.problems import problem
from tracker.services import metrics
from tracker.services.losses import LOSSES
from tracker.services.metrics import Figures
from tracker.services.reconciliation import NOT_COMPARED

FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_VIA")
EVER_FOUND = (*(loss.kind for loss in LOSSES), NOT_COMPARED, "clock_step")


@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        return problem(403, "These figures are for the people who run this installation.")
    registry = CollectorRegistry(auto_describe=False)
    try:
        registry.register(_Figures(metrics.take(now=clock.now())))
    except DatabaseError:
        return problem(503, "The database does not answer.")
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    """Whoever has the token; without one, only this machine, and not through a proxy on it."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
    return _is_near(request.META.get("REMOTE_ADDR", "")) and not any(
        header in request.META for header in FORWARDED
    )


def _is_near(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False  # a socket: nobody knows who is behind it


class _Figures(Collector):
    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        figures = self._figures
        yield _gauge("due_rows", "Rows whose moment has come", ["kind"],
                     [((kind,), n) for kind, (n, _) in figures.due.items()])  # fmt: skip
        yield _gauge("oldest_due_seconds", "How long the oldest of them has been due", ["kind"],
                     [((kind,), age) for kind, (_, age) in figures.due.items()])  # fmt: skip
        yield _gauge("deliveries_last_hour", "Messages by channel and outcome",
                     ["channel", "outcome"], figures.deliveries.items())  # fmt: skip
        yield _dwell(figures)
        yield _gauge("open_alerts", "Alerts that are not resolved", ["tier", "state"],
                     figures.open_alerts.items())  # fmt: skip
        yield from _plain(figures)
        yield _found(figures)
        yield _gauge("job_age_seconds", "Since a periodic job was last done", ["job"],
                     [((name,), age) for name, age in figures.job_ages.items()])  # fmt: skip
        yield _gauge("job_failures", "Tries of a periodic job that failed in a row", ["job"],
                     [((name,), n) for name, n in figures.job_failures.items()])  # fmt: skip


def _plain(figures: Figures) -> Iterator[Metric]:
    known: Iterable[tuple[str, str, float | None]] = (
        ("alerts_beyond_target", "Alerts that nobody acknowledged in time", figures.beyond_target),
        ("alerts_exhausted", "Alerts that nobody on call has answered", figures.exhausted),
        ("sweeper_beat_age_seconds", "Since any worker swept", figures.beat_age),
        ("clock_skew_seconds", "This process's clock ahead of the database's", figures.clock_skew),
        ("clean_reconciliation_age_seconds", "Since nothing was found amiss", figures.clean_age),
    )
    for name, what, figure in known:
        # Never yet is later than any limit, so that an alarm on it rings.
        yield _gauge(name, what, [], [((), float("inf") if figure is None else figure)])


def _gauge(
    name: str, what: str, labels: list[str], samples: Iterable[tuple[tuple[str, ...], float]]
) -> Metric:
    gauge = GaugeMetricFamily(f"afterblock_{name}", what, labels=labels)
    for values, figure in samples:
        gauge.add_metric(values, figure)
    return gauge


def _found(figures: Figures) -> Metric:
    counter = CounterMetricFamily(
        "afterblock_reconciliation_found", "What was amiss, found and mended", labels=["kind"]
    )
    for kind in sorted({*EVER_FOUND, *figures.found}):
        counter.add_metric([kind], figures.found.get(kind, 0))
    return counter


def _dwell(figures: Figures) -> Metric:
    histogram = HistogramMetricFamily(
        "afterblock_dwell_last_hour_seconds", "From due to sent", labels=["kind"]
    )
    for each in figures.dwell:
        bounds = zip(map(str, metrics.DWELL_BOUNDS), map(float, each.counts), strict=True)
        histogram.add_metric(
            [each.kind], [*bounds, ("+Inf", float(each.number))], sum_value=each.seconds
        )
    return histogram
