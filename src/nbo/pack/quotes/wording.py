"""What a quote can say besides numbers: a value of the pack's own with its words, so that a script says it bound.

A recipient or a list of benefits stands once, in the quote; a script says `{{ quote.recipient }}`. The values are those
that the pack's offers have, as an enum with labels, so conditions can compare them and their longest wording is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nbo.language.dictionary import Dictionary
from nbo.language.types import Domain, Kind, Type
from nbo.source.nodes import Scalar

Labels = Mapping[str, str]  # language -> words

_AND = {"zh": ("、", "、"), "en": (", ", " and ")}


def enum_of(labels: Mapping[str, Labels]) -> Type:
    """An enum of these values; one of `none` where there are none, because a pack need not have such offers."""
    return Type(Kind.ENUM, Domain(tuple(labels) or ("none",), ordered=False, aliases={}, labels=labels))


def texts(written: Mapping[str, Scalar]) -> Labels:
    """Words by language as written."""
    return {language: scalar.text for language, scalar in written.items()}


def key_of(names: Iterable[str]) -> str:
    """The value that stands for several: `surname+phone`."""
    return "+".join(names)


def listed(labels: Sequence[Labels]) -> Labels:
    """Several words as one: `姓氏、电话`, `surname, telephone number and income`; languages that all of them have."""
    joined: dict[str, str] = {}
    for language, (comma, last) in _AND.items():
        if all(language in each for each in labels):
            words = [each[language] for each in labels]
            head = comma.join(words[:-1])
            joined[language] = f"{head}{last}{words[-1]}" if head else words[-1]
    return joined


def enum_at(dictionary: Dictionary, name: str) -> Type | None:
    """The type of an attribute that is an enum; None for any other, which its linker reports."""
    attribute = dictionary.find(name)
    return attribute.type if attribute is not None and attribute.type.kind is Kind.ENUM else None
