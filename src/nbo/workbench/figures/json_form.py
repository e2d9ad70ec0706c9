"""A report as values for JSON; `docs/schemas/report.schema.json` describes them.

Amounts and rates are strings: exact, with their places. A rate of nothing is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from nbo.workbench.figures.labels import Labels
from nbo.workbench.figures.rates import Interval, rounded
from nbo.workbench.figures.report import Group, Report
from nbo.workbench.figures.tally import Figures

SCHEMA_VERSION = 1
RATE_PLACES = 4
AMOUNT_PLACES = 2


def json_form(report: Report, labels: Labels) -> dict[str, object]:
    """The whole report; `labels` say what names are called, where that is known."""
    return {
        "schema_version": SCHEMA_VERSION,
        "from": None if report.first is None else report.first.isoformat(),
        "through": None if report.last is None else report.last.isoformat(),
        "zone": report.zone,
        "by": report.by.value,
        "least": report.least,
        "unreached": report.unreached,
        "total": figures_form(report.total),
        "groups": [_group(each, labels.by(report.by)) for each in report.groups],
        "days": [_group(each, {}) for each in report.days],
        "needs": [_group(each, labels.needs) for each in report.needs],
        "reasons": [
            {
                "offer": each.offer,
                "refusal": each.refusal,
                "reason": each.reason,
                "count": each.count,
                "of": each.whole,
            }
            for each in report.reasons
        ],
    }


def figures_form(figures: Figures) -> dict[str, object]:
    """The figures of a group, in the order of the columns of the CSV file."""
    return {
        "presented": figures.presented,
        "calls": figures.calls,
        "accepted": figures.accepted,
        "declined": figures.declined,
        "deferred": figures.deferred,
        "no_answer": figures.no_answer,
        "open": figures.open,
        "conversion": _interval(figures.conversion),
        "booked": figures.booked,
        "booking": _rate(figures.booking),
        "booked_without_amount": figures.unpriced,
        "cancelled": figures.cancelled,
        "cancellation": _rate(figures.cancellation),
        "refunded": figures.refunded,
        "revenue": format(figures.revenue, "f"),
        "revenue_per_call": _rate(figures.revenue_per_call, AMOUNT_PLACES),
        "complained": figures.complained,
        "complaints": _rate(figures.complaints),
        "rated": figures.rated,
        "csat": _rate(figures.csat, AMOUNT_PLACES),
    }


def _group(group: Group, labels: Mapping[str, str]) -> dict[str, object]:
    return {
        "name": group.name,
        "label": None if group.name is None else labels.get(group.name),
        "sort": group.sort,
        "together": group.together,
        "small": group.small,
        **figures_form(group.figures),
    }


def _interval(interval: Interval | None) -> dict[str, object] | None:
    if interval is None:
        return None
    return {"value": _rate(interval.value), "low": _rate(interval.low), "high": _rate(interval.high)}


def _rate(value: Fraction | None, places: int = RATE_PLACES) -> str | None:
    return None if value is None else format(rounded(value, places), "f")
