"""nbo: decides, while a customer is on the line, what to offer and what to say, and can prove that it was allowed to."""

from nbo.diagnostics.diagnostic import Diagnostic, DiagnosticError
from nbo.language.expression import CompiledExpression, compile_expression
from nbo.language.types import UNKNOWN

__all__ = ["UNKNOWN", "CompiledExpression", "Diagnostic", "DiagnosticError", "compile_expression"]
