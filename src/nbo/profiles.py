"""A customer as an integrator hands it in becomes a plain mapping: a mapping as it is, JSON text, or a pydantic model.

What is none of these, or cannot be read, is handed on as it is: the intake says that it is no profile.
"""

from __future__ import annotations

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from nbo.language.json_profile import NotJsonError, read_json


def plain_profile(profile: object) -> object:
    """The mapping; nothing is checked yet.

    A model is written as pydantic writes JSON, under the names (or serialization aliases) that it has.
    """
    if isinstance(profile, bytes | bytearray | str):
        try:
            return read_json(profile)
        except NotJsonError:
            return profile
    if isinstance(profile, BaseModel):
        try:
            return profile.model_dump(mode="json", warnings="none", fallback=_refused)
        except (PydanticSerializationError, RecursionError):  # a model's own serializer failed, or it holds itself
            return None
    return profile


def _refused(_: object) -> list[list[object]]:
    """What no attribute accepts, in place of a value that cannot be written."""
    return [[]]
