"""What a pack calls the offers and needs that a store knows by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nbo.pack.rulepack import RulePack
from nbo.workbench.figures.report import By

_NEEDS = "call.need_tags"


@dataclass(frozen=True, slots=True)
class Labels:
    """Names and what they are called; what is not in it is called by its name."""

    offers: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)

    def by(self, by: By) -> Mapping[str, str]:
        """Of what presentations are told apart by."""
        return self.offers if by is By.OFFER else {}


def labels_of(pack: RulePack, language: str) -> Labels:
    """The pack's labels in a language, where it has them in that."""
    tags = pack.dictionary.find(_NEEDS)
    domain = None if tags is None else tags.type.domain
    return Labels(
        {each.id: each.labels[language] for each in pack.offers if language in each.labels},
        {} if domain is None else {name: said[language] for name, said in domain.labels.items() if language in said},
    )
