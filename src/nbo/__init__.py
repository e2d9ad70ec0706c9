"""nbo: decides, while a customer is on the line, what to offer and what to say, and can prove that it was allowed to."""

from nbo.call.event import Event
from nbo.call.next_step import Next
from nbo.call.session import Session
from nbo.decide.decision import DecidedOffer, Decision, Reason
from nbo.decide.facts import Facts
from nbo.decide.ordering import OrderAnswer
from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError, Severity
from nbo.engine import Engine, PackError, ReloadResult, check
from nbo.explain.explain import Explanation
from nbo.history.claims import CountedVolume, VolumeStore, claims_of
from nbo.language.expression import CompiledExpression, compile_expression
from nbo.language.types import UNKNOWN
from nbo.outside.figures import FiguresStore, OfferFigures, ReadFigures
from nbo.outside.history import HistoryStore, StoredHistory
from nbo.outside.scorers import Scorer
from nbo.script.check_text import Finding

__all__ = [
    "UNKNOWN",
    "CompiledExpression",
    "CountedVolume",
    "DecidedOffer",
    "Decision",
    "Diagnostic",
    "DiagnosticError",
    "Engine",
    "Event",
    "Explanation",
    "Facts",
    "FiguresStore",
    "Finding",
    "HistoryStore",
    "Next",
    "OfferFigures",
    "OrderAnswer",
    "PackError",
    "ReadFigures",
    "Reason",
    "ReloadResult",
    "Scorer",
    "Session",
    "Severity",
    "StoredHistory",
    "VolumeStore",
    "check",
    "claims_of",
    "compile_expression",
]
