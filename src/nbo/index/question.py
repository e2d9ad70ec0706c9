"""What one customer is asked with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from nbo.language.dictionary import TODAY_SLOT
from nbo.language.intake import Values


@dataclass(frozen=True, slots=True)
class Question:
    """A customer's values, those that an opt-out does not hide, and the channel."""

    values: Values
    unmasked: Values
    channel: str

    @property
    def today(self) -> date | None:
        """The day in the pack's zone; None where nobody set the clock."""
        return cast("date | None", self.values[TODAY_SLOT])
