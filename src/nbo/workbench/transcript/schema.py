"""The JSON Schema of a transcript, for an editor."""

from __future__ import annotations

from nbo.diagnostics.diagnostic import Text
from nbo.workbench.rule_files import RuleFile
from nbo.workbench.schemas import schema_text
from nbo.workbench.transcript.form import TranscriptFile


def transcript_schema() -> str:
    """The schema as a file."""
    about = Text("a call, and what an agent must see", "一通电话，以及坐席必须看到的内容")
    return schema_text(RuleFile("transcript", "calls/*.yaml", TranscriptFile, about))
