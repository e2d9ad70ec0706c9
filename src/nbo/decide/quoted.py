"""What a decision lets a text say: the values of its offers as scripts write them, for `engine.check_text`."""

from __future__ import annotations

from nbo.decide.decision import Decision
from nbo.language.dictionary import Dictionary
from nbo.language.template import FORMATS, Placeholder
from nbo.script.check_text import Said
from nbo.script.render import say


def what_is_said(decision: Decision, family: str | None, dictionary: Dictionary, language: str) -> Said:
    """The quoted and spoken values of the decision's offers (of one family, or all), and the rules that only warned."""
    values: dict[str, str] = {}
    warned: set[str] = set()
    for offer in decision.offers:
        if family is not None and offer.family != family:
            continue
        for name, value in ({} if offer.quote is None else offer.quote.fields()).items():
            attribute = dictionary.attributes[name]
            written = FORMATS.get(attribute.type.kind)
            said = None if written is None else say(value, Placeholder(attribute, written[0]), language)
            if said is not None:
                values[name] = said
        for segment in () if offer.script is None else offer.script.segments:
            values |= {each.field: segment.text[each.start : each.end] for each in segment.bindings}
        warned |= {check.rule for check in offer.checks if check.status == "warned"}
    return Said(values, frozenset(warned))
