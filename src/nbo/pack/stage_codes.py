"""The stages of a decision, in their order, with the codes of the engine's own reasons to stop there.

A test names them, and a rule pack is checked before anything is decided; the stages themselves are in `decide/stages.py`,
and a test holds both lists together.
"""

from __future__ import annotations

from collections.abc import Mapping

STAGE_CODES: Mapping[str, frozenset[str]] = {
    "gates": frozenset(),
    "validity": frozenset({"not_started", "ended"}),
    "eligibility": frozenset({"no_record"}),
    "applicability": frozenset(),
    "contact_policy": frozenset(),
    "volume": frozenset(),
    "quote": frozenset(
        {
            "missing",
            "below_minimum",
            "too_small_for_term",
            "nothing_to_waive",
            "above_authority",
            "granted_too_often",
            "account_state",
            "days_out_of_range",
            "limit_below_used",
            "nothing_to_raise",
            "no_consent",
            "consent_lacks_data",
            "consent_withdrawn",
            "fee_not_higher",
            "nothing_available",
            "no_saving",
            "bad_budget",
        }
    ),
    "suitability": frozenset(),
    "arbitration": frozenset(
        {"bank_only", "no_value", "no_propensity", "other_record", "exclusive_group", "family_limit", "below_limit"}
    ),
    "script": frozenset({"no_treatment", "unspeakable"}),
    "compliance": frozenset({"compliance"}),
}

WITHOUT_STAGE = frozenset({"no_need", "no_offers"})
"""Reasons of a decision without an offer that are no offer's own."""

ONLY_WHEN_CHOSEN = frozenset(
    {
        "above_maximum",
        "not_in_units",
        "term_not_on_offer",
        "nothing_selected",
        "unknown_component",
        "component_unavailable",
        "needs_component",
        "components_exclude",
        "over_budget",
    }
)
"""Reasons not to quote again what a customer chose; a test of a pack chooses nothing."""
